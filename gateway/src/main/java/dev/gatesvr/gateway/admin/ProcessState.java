package dev.gatesvr.gateway.admin;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.TreeMap;

/** Memory, collections and threads of this process, as its own beans tell them. */
final class ProcessState {
  private ProcessState() {}

  /**
   * @param heapMaxBytes 0 when there is no limit
   * @param directUsedBytes what Java's and Netty's direct buffers take together
   */
  record Memory(
      long heapUsedBytes,
      long heapCommittedBytes,
      long heapMaxBytes,
      long nonHeapUsedBytes,
      long nonHeapCommittedBytes,
      long directUsedBytes) {}

  /** One garbage collector. */
  record Collector(long count, long timeMs) {}

  record Threads(int live, int daemon, int peak, long started) {}

  static Memory memory() {
    var bean = ManagementFactory.getMemoryMXBean();
    MemoryUsage heap = bean.getHeapMemoryUsage();
    MemoryUsage nonHeap = bean.getNonHeapMemoryUsage();
    return new Memory(
        heap.getUsed(),
        heap.getCommitted(),
        Math.max(0, heap.getMax()),
        nonHeap.getUsed(),
        nonHeap.getCommitted(),
        directBytes());
  }

  static Map<String, Collector> collectors() {
    Map<String, Collector> byName = new TreeMap<>();
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      byName.put(
          bean.getName(),
          new Collector(
              Math.max(0, bean.getCollectionCount()), Math.max(0, bean.getCollectionTime())));
    }
    return byName;
  }

  static Threads threads() {
    ThreadMXBean bean = ManagementFactory.getThreadMXBean();
    return new Threads(
        bean.getThreadCount(),
        bean.getDaemonThreadCount(),
        bean.getPeakThreadCount(),
        bean.getTotalStartedThreadCount());
  }

  /** Netty counts its own where it takes memory without a cleaner; the JVM does not see that. */
  private static long directBytes() {
    long bytes = Math.max(0, PlatformDependent.usedDirectMemory());
    for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) {
        bytes += Math.max(0, pool.getMemoryUsed());
      }
    }
    return bytes;
  }
}
