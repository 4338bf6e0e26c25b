// The streams of java.util.stream. Never shown as places.
package java.util.stream;

public interface Stream<T> extends AutoCloseable {
    Stream<T> filter(Predicate<? super T> test);
    <R> Stream<R> map(Function<? super T, ? extends R> change);
    <R> Stream<R> flatMap(Function<? super T, Stream<? extends R>> change);
    IntStream mapToInt(ToIntFunction<? super T> change);
    LongStream mapToLong(ToLongFunction<? super T> change);
    DoubleStream mapToDouble(ToDoubleFunction<? super T> change);
    Stream<T> distinct();
    Stream<T> sorted();
    Stream<T> sorted(Comparator<? super T> order);
    Stream<T> peek(Consumer<? super T> action);
    Stream<T> limit(long count);
    Stream<T> skip(long count);
    Stream<T> takeWhile(Predicate<? super T> test);
    Stream<T> dropWhile(Predicate<? super T> test);
    Stream<T> parallel();
    Stream<T> sequential();
    Stream<T> unordered();
    Stream<T> onClose(Runnable action);
    Iterator<T> iterator();
    void forEach(Consumer<? super T> action);
    void forEachOrdered(Consumer<? super T> action);
    Object[] toArray();
    <A> A[] toArray(IntFunction<A[]> make);
    List<T> toList();
    T reduce(T first, BinaryOperator<T> join);
    Optional<T> reduce(BinaryOperator<T> join);
    <R, A> R collect(Collector<? super T, A, R> collector);
    <R> R collect(Supplier<R> make, BiConsumer<R, ? super T> add, BiConsumer<R, R> join);
    Optional<T> min(Comparator<? super T> order);
    Optional<T> max(Comparator<? super T> order);
    Optional<T> findFirst();
    Optional<T> findAny();
    long count();
    boolean anyMatch(Predicate<? super T> test);
    boolean allMatch(Predicate<? super T> test);
    boolean noneMatch(Predicate<? super T> test);
    static <T> Stream<T> of(T... values) { return null; }
    static <T> Stream<T> empty() { return null; }
    static <T> Stream<T> concat(Stream<? extends T> first, Stream<? extends T> second) { return null; }
    static <T> Stream<T> iterate(T first, UnaryOperator<T> next) { return null; }
    static <T> Stream<T> generate(Supplier<? extends T> make) { return null; }
}
public interface IntStream extends AutoCloseable {
    IntStream filter(IntPredicate test);
    IntStream map(IntUnaryOperator change);
    <U> Stream<U> mapToObj(IntFunction<? extends U> change);
    Stream<Integer> boxed();
    void forEach(IntConsumer action);
    int sum();
    boolean anyMatch(IntPredicate test);
    boolean allMatch(IntPredicate test);
    boolean noneMatch(IntPredicate test);
    static IntStream range(int start, int end) { return null; }
    static IntStream rangeClosed(int start, int end) { return null; }
    static IntStream of(int... values) { return null; }
}
public interface LongStream extends AutoCloseable {
    <U> Stream<U> mapToObj(LongFunction<? extends U> change);
    Stream<Long> boxed();
    long sum();
}
public interface DoubleStream extends AutoCloseable {
    <U> Stream<U> mapToObj(DoubleFunction<? extends U> change);
    Stream<Double> boxed();
    double sum();
}
public interface Collector<T, A, R> {
    static <T, R> Collector<T, R, R> of(Supplier<R> make, BiConsumer<R, T> add, BinaryOperator<R> join) { return null; }
    static <T, A, R> Collector<T, A, R> of(Supplier<A> make, BiConsumer<A, T> add, BinaryOperator<A> join, Function<A, R> finish) { return null; }
}
public final class Collectors {
    public static <T> Collector<T, ?, List<T>> toList() { return null; }
    public static <T> Collector<T, ?, Set<T>> toSet() { return null; }
    public static <T> Collector<T, ?, List<T>> toUnmodifiableList() { return null; }
    public static Collector<CharSequence, ?, String> joining(CharSequence between) { return null; }
    public static <T, K, U> Collector<T, ?, Map<K, U>> toMap(Function<? super T, ? extends K> key, Function<? super T, ? extends U> value) { return null; }
    public static <T, K> Collector<T, ?, Map<K, List<T>>> groupingBy(Function<? super T, ? extends K> key) { return null; }
    public static <T, U, A, R> Collector<T, ?, R> mapping(Function<? super T, ? extends U> change, Collector<? super U, A, R> next) { return null; }
    public static <T, C> Collector<T, ?, C> toCollection(Supplier<C> make) { return null; }
}
public final class StreamSupport {
    public static <T> Stream<T> stream(Spliterator<T> from, boolean parallel) { return null; }
}
