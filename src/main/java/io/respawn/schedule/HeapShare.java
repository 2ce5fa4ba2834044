package io.respawn.schedule;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.Function;

/** Says how much of the heap is in use for good: what a collection left, and has not become less since. */
final class HeapShare {

    private static final int WHOLE = 100;

    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
            .toList();

    /** In percent of the most that the heap may have. */
    int used() {
        long most = Math.max(1, Runtime.getRuntime().maxMemory());
        long left = Math.min(sum(MemoryPoolMXBean::getCollectionUsage), sum(MemoryPoolMXBean::getUsage));
        return (int) (left * WHOLE / most);
    }

    private long sum(Function<MemoryPoolMXBean, MemoryUsage> usage) {
        return pools.stream().map(usage).mapToLong(MemoryUsage::getUsed).sum();
    }
}
