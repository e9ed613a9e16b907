package dev.gatesvr.arch.bad.client;

import dev.gatesvr.arch.bad.cmd.Program;

/** Breaks: nothing imports cmd. */
record ImportsAProgram(Program program) {}
