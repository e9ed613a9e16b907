package dev.gatesvr.arch.bad.cmd;

/** Nothing may import a program. */
public final class Program {}
