// The classes of java.util.concurrent.atomic whose results navigation needs to follow. Never shown as places.
package java.util.concurrent.atomic;

public class AtomicInteger extends Number {
    public AtomicInteger() {}
    public AtomicInteger(int value) {}
    public int get() { return 0; }
    public void set(int value) {}
    public void lazySet(int value) {}
    public int getAndSet(int value) { return 0; }
    public boolean compareAndSet(int expected, int value) { return true; }
    public int incrementAndGet() { return 0; }
    public int decrementAndGet() { return 0; }
    public int getAndIncrement() { return 0; }
    public int getAndDecrement() { return 0; }
    public int addAndGet(int by) { return 0; }
    public int getAndAdd(int by) { return 0; }
}
public class AtomicLong extends Number {
    public AtomicLong() {}
    public AtomicLong(long value) {}
    public long get() { return 0; }
    public void set(long value) {}
    public void lazySet(long value) {}
    public long getAndSet(long value) { return 0; }
    public boolean compareAndSet(long expected, long value) { return true; }
    public long incrementAndGet() { return 0; }
    public long decrementAndGet() { return 0; }
    public long getAndIncrement() { return 0; }
    public long getAndDecrement() { return 0; }
    public long addAndGet(long by) { return 0; }
    public long getAndAdd(long by) { return 0; }
}
public class AtomicBoolean {
    public AtomicBoolean() {}
    public AtomicBoolean(boolean value) {}
    public boolean get() { return true; }
    public void set(boolean value) {}
    public void lazySet(boolean value) {}
    public boolean getAndSet(boolean value) { return true; }
    public boolean compareAndSet(boolean expected, boolean value) { return true; }
}
public class AtomicIntegerArray {
    public AtomicIntegerArray(int length) {}
    public int length() { return 0; }
    public int get(int at) { return 0; }
    public void set(int at, int value) {}
    public int incrementAndGet(int at) { return 0; }
    public int getAndIncrement(int at) { return 0; }
    public int addAndGet(int at, int by) { return 0; }
}
public class AtomicLongArray {
    public AtomicLongArray(int length) {}
    public int length() { return 0; }
    public long get(int at) { return 0; }
    public void set(int at, long value) {}
    public long incrementAndGet(int at) { return 0; }
    public long getAndIncrement(int at) { return 0; }
    public long addAndGet(int at, long by) { return 0; }
}
public class AtomicReference<V> {
    public AtomicReference() {}
    public AtomicReference(V value) {}
    public V get() { return null; }
    public void set(V value) {}
    public V getAndSet(V value) { return null; }
    public boolean compareAndSet(V expected, V value) { return true; }
    public V updateAndGet(UnaryOperator<V> change) { return null; }
    public V getAndUpdate(UnaryOperator<V> change) { return null; }
    public V accumulateAndGet(V value, BinaryOperator<V> join) { return null; }
}
