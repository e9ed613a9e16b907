package dev.gatesvr.arch.bad.upstream.route;

import java.util.random.RandomGenerator;

/** Breaks: cores know no random. */
public final class DrawsRandom {
  int draw(RandomGenerator random) {
    return random.nextInt();
  }
}
