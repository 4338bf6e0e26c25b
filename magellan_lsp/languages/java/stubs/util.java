// The classes of java.util whose results navigation needs to follow. Never shown as places.
package java.util;

public interface Iterator<E> {
    boolean hasNext();
    E next();
    default void remove() {}
    default void forEachRemaining(Consumer<? super E> action) {}
}
public interface ListIterator<E> extends Iterator<E> {
    boolean hasPrevious();
    E previous();
    int nextIndex();
    void set(E value);
    void add(E value);
}
public interface Enumeration<E> {
    boolean hasMoreElements();
    E nextElement();
}
public interface Spliterator<T> {}
public interface Comparator<T> {
    int compare(T a, T b);
    default Comparator<T> reversed() { return null; }
    default Comparator<T> thenComparing(Comparator<? super T> other) { return null; }
    static <T, U> Comparator<T> comparing(Function<? super T, ? extends U> key) { return null; }
    static <T> Comparator<T> comparingInt(ToIntFunction<? super T> key) { return null; }
    static <T> Comparator<T> naturalOrder() { return null; }
    static <T> Comparator<T> reverseOrder() { return null; }
}
public interface Collection<E> extends Iterable<E> {
    int size();
    boolean isEmpty();
    boolean contains(Object value);
    boolean add(E value);
    boolean remove(Object value);
    boolean addAll(Collection<? extends E> other);
    boolean removeAll(Collection<?> other);
    boolean containsAll(Collection<?> other);
    void clear();
    Object[] toArray();
    <T> T[] toArray(T[] into);
    default boolean removeIf(Predicate<? super E> test) { return true; }
    default Stream<E> stream() { return null; }
    default Stream<E> parallelStream() { return null; }
}
public interface SequencedCollection<E> extends Collection<E> {
    E getFirst();
    E getLast();
    E removeFirst();
    E removeLast();
}
public interface List<E> extends SequencedCollection<E> {
    E get(int index);
    E set(int index, E value);
    void add(int index, E value);
    E remove(int index);
    int indexOf(Object value);
    int lastIndexOf(Object value);
    List<E> subList(int start, int end);
    ListIterator<E> listIterator();
    ListIterator<E> listIterator(int index);
    default void sort(Comparator<? super E> order) {}
    default void replaceAll(UnaryOperator<E> change) {}
    default List<E> reversed() { return null; }
    static <E> List<E> of(E... values) { return null; }
    static <E> List<E> copyOf(Collection<? extends E> other) { return null; }
}
public interface Set<E> extends Collection<E> {
    static <E> Set<E> of(E... values) { return null; }
    static <E> Set<E> copyOf(Collection<? extends E> other) { return null; }
}
public interface SortedSet<E> extends Set<E> {
    E first();
    E last();
    SortedSet<E> headSet(E to);
    SortedSet<E> tailSet(E from);
}
public interface NavigableSet<E> extends SortedSet<E> {
    E floor(E value);
    E ceiling(E value);
    E lower(E value);
    E higher(E value);
    E pollFirst();
    E pollLast();
}
public interface Queue<E> extends Collection<E> {
    boolean offer(E value);
    E poll();
    E peek();
    E element();
    E remove();
}
public interface Deque<E> extends Queue<E>, SequencedCollection<E> {
    void push(E value);
    E pop();
    void addFirst(E value);
    void addLast(E value);
    E peekFirst();
    E peekLast();
    E pollFirst();
    E pollLast();
    Iterator<E> descendingIterator();
}
public abstract class AbstractCollection<E> implements Collection<E> {}
public abstract class AbstractList<E> extends AbstractCollection<E> implements List<E> {}
public abstract class AbstractSet<E> extends AbstractCollection<E> implements Set<E> {}
public class ArrayList<E> extends AbstractList<E> {}
public class LinkedList<E> extends AbstractList<E> implements Deque<E> {}
public class Vector<E> extends AbstractList<E> {}
public class Stack<E> extends Vector<E> {
    public E push(E value) { return null; }
    public E pop() { return null; }
    public E peek() { return null; }
}
public class ArrayDeque<E> extends AbstractCollection<E> implements Deque<E> {}
public class PriorityQueue<E> extends AbstractCollection<E> implements Queue<E> {}
public class HashSet<E> extends AbstractSet<E> {}
public class LinkedHashSet<E> extends HashSet<E> {}
public class TreeSet<E> extends AbstractSet<E> implements NavigableSet<E> {}
public abstract class EnumSet<E> extends AbstractSet<E> {
    public static <E> EnumSet<E> of(E first, E... rest) { return null; }
    public static <E> EnumSet<E> noneOf(Class<E> type) { return null; }
    public static <E> EnumSet<E> allOf(Class<E> type) { return null; }
    public static <E> EnumSet<E> range(E from, E to) { return null; }
}

public interface Map<K, V> {
    int size();
    boolean isEmpty();
    boolean containsKey(Object key);
    boolean containsValue(Object value);
    V get(Object key);
    V put(K key, V value);
    V remove(Object key);
    void putAll(Map<? extends K, ? extends V> other);
    void clear();
    Set<K> keySet();
    Collection<V> values();
    Set<Map.Entry<K, V>> entrySet();
    default V getOrDefault(Object key, V value) { return null; }
    default V putIfAbsent(K key, V value) { return null; }
    default V replace(K key, V value) { return null; }
    default V computeIfAbsent(K key, Function<? super K, ? extends V> make) { return null; }
    default V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends V> make) { return null; }
    default V compute(K key, BiFunction<? super K, ? super V, ? extends V> make) { return null; }
    default V merge(K key, V value, BiFunction<? super V, ? super V, ? extends V> join) { return null; }
    default void forEach(BiConsumer<? super K, ? super V> action) {}
    default void replaceAll(BiFunction<? super K, ? super V, ? extends V> change) {}
    static <K, V> Map<K, V> of(K key, V value) { return null; }
    static <K, V> Map<K, V> copyOf(Map<? extends K, ? extends V> other) { return null; }
    static <K, V> Map.Entry<K, V> entry(K key, V value) { return null; }
    interface Entry<K, V> {
        K getKey();
        V getValue();
        V setValue(V value);
    }
}
public interface SortedMap<K, V> extends Map<K, V> {
    K firstKey();
    K lastKey();
    SortedMap<K, V> headMap(K to);
    SortedMap<K, V> tailMap(K from);
}
public interface NavigableMap<K, V> extends SortedMap<K, V> {
    Map.Entry<K, V> firstEntry();
    Map.Entry<K, V> lastEntry();
    Map.Entry<K, V> floorEntry(K key);
    Map.Entry<K, V> ceilingEntry(K key);
    K floorKey(K key);
    K ceilingKey(K key);
}
public abstract class AbstractMap<K, V> implements Map<K, V> {
    public static class SimpleEntry<K, V> implements Map.Entry<K, V> {}
    public static class SimpleImmutableEntry<K, V> implements Map.Entry<K, V> {}
}
public class HashMap<K, V> extends AbstractMap<K, V> {}
public class LinkedHashMap<K, V> extends HashMap<K, V> {}
public class TreeMap<K, V> extends AbstractMap<K, V> implements NavigableMap<K, V> {}
public class Hashtable<K, V> implements Map<K, V> {}
public class IdentityHashMap<K, V> extends AbstractMap<K, V> {}
public class WeakHashMap<K, V> extends AbstractMap<K, V> {}
public class EnumMap<K, V> extends AbstractMap<K, V> {}
public class Properties extends Hashtable<Object, Object> {
    public String getProperty(String name) { return null; }
}

public final class Optional<T> {
    public static <T> Optional<T> of(T value) { return null; }
    public static <T> Optional<T> ofNullable(T value) { return null; }
    public static <T> Optional<T> empty() { return null; }
    public T get() { return null; }
    public T orElse(T other) { return null; }
    public T orElseGet(Supplier<? extends T> other) { return null; }
    public T orElseThrow() { return null; }
    public T orElseThrow(Supplier<?> failure) { return null; }
    public boolean isPresent() { return true; }
    public boolean isEmpty() { return true; }
    public void ifPresent(Consumer<? super T> action) {}
    public void ifPresentOrElse(Consumer<? super T> action, Runnable otherwise) {}
    public <U> Optional<U> map(Function<? super T, ? extends U> change) { return null; }
    public <U> Optional<U> flatMap(Function<? super T, Optional<U>> change) { return null; }
    public Optional<T> filter(Predicate<? super T> test) { return null; }
    public Optional<T> or(Supplier<Optional<T>> other) { return null; }
    public Stream<T> stream() { return null; }
}
public final class Objects {
    public static <T> T requireNonNull(T value) { return null; }
    public static <T> T requireNonNull(T value, String message) { return null; }
    public static <T> T requireNonNullElse(T value, T other) { return null; }
    public static boolean equals(Object a, Object b) { return true; }
    public static int hash(Object... values) { return 0; }
    public static int hashCode(Object value) { return 0; }
    public static String toString(Object value) { return null; }
    public static String toString(Object value, String other) { return null; }
    public static boolean isNull(Object value) { return true; }
    public static boolean nonNull(Object value) { return true; }
}
public final class Arrays {
    public static <T> List<T> asList(T... values) { return null; }
    public static <T> Stream<T> stream(T[] values) { return null; }
    public static <T> T[] copyOf(T[] values, int length) { return null; }
    public static <T> T[] copyOfRange(T[] values, int start, int end) { return null; }
    public static <T> void sort(T[] values, Comparator<? super T> order) {}
    public static <T> void setAll(T[] values, IntFunction<? extends T> make) {}
    public static String toString(Object[] values) { return null; }
    public static boolean equals(Object[] a, Object[] b) { return true; }
    public static int hashCode(Object[] values) { return 0; }
}
public final class Collections {
    public static <T> List<T> emptyList() { return null; }
    public static <T> Set<T> emptySet() { return null; }
    public static <K, V> Map<K, V> emptyMap() { return null; }
    public static <T> Iterator<T> emptyIterator() { return null; }
    public static <T> List<T> singletonList(T value) { return null; }
    public static <T> Set<T> singleton(T value) { return null; }
    public static <K, V> Map<K, V> singletonMap(K key, V value) { return null; }
    public static <T> List<T> unmodifiableList(List<? extends T> values) { return null; }
    public static <T> Set<T> unmodifiableSet(Set<? extends T> values) { return null; }
    public static <T> Collection<T> unmodifiableCollection(Collection<? extends T> values) { return null; }
    public static <K, V> Map<K, V> unmodifiableMap(Map<? extends K, ? extends V> values) { return null; }
    public static <T> List<T> synchronizedList(List<T> values) { return null; }
    public static <K, V> Map<K, V> synchronizedMap(Map<K, V> values) { return null; }
    public static <T> List<T> nCopies(int count, T value) { return null; }
    public static <T> Comparator<T> reverseOrder() { return null; }
    public static <T> Comparator<T> reverseOrder(Comparator<T> order) { return null; }
    public static <T> T max(Collection<? extends T> values) { return null; }
    public static <T> T min(Collection<? extends T> values) { return null; }
    public static <T> T max(Collection<? extends T> values, Comparator<? super T> order) { return null; }
    public static <T> T min(Collection<? extends T> values, Comparator<? super T> order) { return null; }
    public static <T> void sort(List<T> values) {}
    public static <T> void sort(List<T> values, Comparator<? super T> order) {}
    public static <T> Enumeration<T> enumeration(Collection<T> values) { return null; }
    public static <T> ArrayList<T> list(Enumeration<T> values) { return null; }
}
