package dev.gatesvr.arch.bad.session;

import dev.gatesvr.arch.bad.upstream.route.DrawsRandom;

/** Breaks: siblings never import one another. */
record ImportsASibling(DrawsRandom sibling) {}
