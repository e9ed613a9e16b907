package dev.gatesvr.transport.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IoLoopsTest {
  @ParameterizedTest
  @EnumSource
  void loopIRunsOnThreadIoI(IoLoops.Kind kind) throws Exception {
    try (IoLoops loops = IoLoops.open(3, kind)) {
      assertThat(loops.size()).isEqualTo(3);
      assertThat(loops.kind()).isEqualTo(kind);
      for (int i = 0; i < 3; i++) {
        assertThat(loops.loop(i).submit(() -> Thread.currentThread().getName()).get())
            .isEqualTo("io-" + i);
        assertThat(loops.indexOf(loops.loop(i))).isEqualTo(i);
      }
    }
  }

  @Test
  void prefersEpoll() {
    try (IoLoops loops = IoLoops.open(1)) {
      assertThat(loops.kind() == IoLoops.Kind.EPOLL).isEqualTo(Epoll.isAvailable());
    }
  }

  @Test
  void closingEndsTheThreads() {
    IoLoops loops = IoLoops.open(2);
    loops.close();
    assertThat(loops.group().isTerminated()).isTrue();
  }

  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> IoLoops.open(0)).hasMessage("loops: 0 (expected: 1 to 256)");
    try (IoLoops loops = IoLoops.open(1)) {
      assertThatThrownBy(() -> loops.indexOf(Runnable::run))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
