// The classes of java.util.concurrent whose results navigation needs to follow. Never shown as places.
package java.util.concurrent;

public interface Callable<V> { V call(); }
public interface Executor { void execute(Runnable action); }
public interface Future<V> {
    V get();
    V get(long time, TimeUnit unit);
    boolean cancel(boolean interrupt);
    boolean isDone();
    boolean isCancelled();
}
public interface RunnableFuture<V> extends Runnable, Future<V> {}
public class FutureTask<V> implements RunnableFuture<V> {}
public interface ExecutorService extends Executor {
    <T> Future<T> submit(Callable<T> action);
    Future<?> submit(Runnable action);
    <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> actions);
    void shutdown();
}
public interface ScheduledExecutorService extends ExecutorService {}
public interface ConcurrentMap<K, V> extends Map<K, V> {}
public class ConcurrentHashMap<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V> {}
public class ConcurrentSkipListMap<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V> {}
public class CopyOnWriteArrayList<E> implements List<E> {}
public class CopyOnWriteArraySet<E> extends AbstractSet<E> {}
public class ConcurrentLinkedQueue<E> extends AbstractCollection<E> implements Queue<E> {}
public interface BlockingQueue<E> extends Queue<E> {
    void put(E value);
    E take();
}
public class LinkedBlockingQueue<E> extends AbstractCollection<E> implements BlockingQueue<E> {}
public class ArrayBlockingQueue<E> extends AbstractCollection<E> implements BlockingQueue<E> {}
public class CompletableFuture<T> implements Future<T> {
    public T join() { return null; }
    public <U> CompletableFuture<U> thenApply(Function<? super T, ? extends U> change) { return null; }
    public CompletableFuture<Void> thenAccept(Consumer<? super T> action) { return null; }
    public <U> CompletableFuture<U> thenCompose(Function<? super T, CompletableFuture<U>> change) { return null; }
    public static <U> CompletableFuture<U> supplyAsync(Supplier<U> make) { return null; }
    public static <U> CompletableFuture<U> completedFuture(U value) { return null; }
}
