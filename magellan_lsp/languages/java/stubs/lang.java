// The classes of java.lang whose results navigation needs to follow. Never shown as places.
package java.lang;

public class Object {
    public boolean equals(Object other) { return false; }
    public int hashCode() { return 0; }
    public String toString() { return null; }
    public final Class<?> getClass() { return null; }
    public final void notify() {}
    public final void notifyAll() {}
    public final void wait() {}
    public final void wait(long milliseconds) {}
    public final void wait(long milliseconds, int nanoseconds) {}
}

// What only keywords and brackets name.
final class array<T> { public final int length; }
final class int_ {}
final class long_ {}
final class short_ {}
final class byte_ {}
final class char_ {}
final class boolean_ {}
final class float_ {}
final class double_ {}
final class null_ {}

public interface CharSequence {
    int length();
    char charAt(int index);
    CharSequence subSequence(int start, int end);
}
public interface Comparable<T> { int compareTo(T other); }
public interface Runnable { void run(); }
public interface AutoCloseable { void close(); }
public interface Cloneable {}
public interface Appendable {
    Appendable append(CharSequence text);
    Appendable append(char letter);
}
public interface Iterable<T> {
    Iterator<T> iterator();
    default void forEach(Consumer<? super T> action) {}
    default Spliterator<T> spliterator() { return null; }
}

public final class String implements Comparable<String>, CharSequence, java.io.Serializable {
    public int length() { return 0; }
    public char charAt(int index) { return 0; }
    public CharSequence subSequence(int start, int end) { return null; }
    public int compareTo(String other) { return 0; }
    public int compareToIgnoreCase(String other) { return 0; }
    public boolean isEmpty() { return true; }
    public boolean isBlank() { return true; }
    public boolean contains(CharSequence part) { return true; }
    public boolean startsWith(String part) { return true; }
    public boolean endsWith(String part) { return true; }
    public boolean matches(String pattern) { return true; }
    public boolean equalsIgnoreCase(String other) { return true; }
    public int indexOf(String part) { return 0; }
    public int lastIndexOf(String part) { return 0; }
    public int codePointAt(int index) { return 0; }
    public String substring(int start) { return null; }
    public String substring(int start, int end) { return null; }
    public String replace(CharSequence old, CharSequence with) { return null; }
    public String replaceAll(String pattern, String with) { return null; }
    public String replaceFirst(String pattern, String with) { return null; }
    public String concat(String other) { return null; }
    public String trim() { return null; }
    public String strip() { return null; }
    public String intern() { return null; }
    public String repeat(int count) { return null; }
    public String toLowerCase() { return null; }
    public String toUpperCase() { return null; }
    public String[] split(String pattern) { return null; }
    public String[] split(String pattern, int limit) { return null; }
    public char[] toCharArray() { return null; }
    public byte[] getBytes() { return null; }
    public Stream<String> lines() { return null; }
    public String formatted(Object... values) { return null; }
    public static String format(String format, Object... values) { return null; }
    public static String join(CharSequence between, CharSequence... parts) { return null; }
    public static String valueOf(Object value) { return null; }
}
public final class StringBuilder implements CharSequence, Appendable {
    public StringBuilder append(Object value) { return null; }
    public StringBuilder insert(int at, Object value) { return null; }
    public StringBuilder reverse() { return null; }
    public StringBuilder deleteCharAt(int at) { return null; }
    public StringBuilder delete(int start, int end) { return null; }
    public StringBuilder replace(int start, int end, String text) { return null; }
    public int length() { return 0; }
    public char charAt(int index) { return 0; }
    public CharSequence subSequence(int start, int end) { return null; }
    public String substring(int start) { return null; }
    public int indexOf(String part) { return 0; }
    public void setLength(int length) {}
}
public final class StringBuffer implements CharSequence, Appendable {
    public StringBuffer append(Object value) { return null; }
    public StringBuffer insert(int at, Object value) { return null; }
    public StringBuffer reverse() { return null; }
    public int length() { return 0; }
    public char charAt(int index) { return 0; }
    public CharSequence subSequence(int start, int end) { return null; }
    public String substring(int start) { return null; }
}

public abstract class Number implements java.io.Serializable {
    public abstract int intValue();
    public abstract long longValue();
    public abstract float floatValue();
    public abstract double doubleValue();
}
public final class Integer extends Number implements Comparable<Integer> {
    public static final int MIN_VALUE = 0, MAX_VALUE = 0;
    public static int parseInt(String text) { return 0; }
    public static Integer valueOf(int value) { return null; }
    public static String toString(int value) { return null; }
    public static String toHexString(int value) { return null; }
    public static int compare(int a, int b) { return 0; }
}
public final class Long extends Number implements Comparable<Long> {
    public static final long MIN_VALUE = 0, MAX_VALUE = 0;
    public static String toString(long value) { return null; }
    public static int hashCode(long value) { return 0; }
    public static long parseLong(String text) { return 0; }
    public static Long valueOf(long value) { return null; }
    public static int compare(long a, long b) { return 0; }
}
public final class Short extends Number implements Comparable<Short> {
    public static final short MIN_VALUE = 0, MAX_VALUE = 0;
}
public final class Byte extends Number implements Comparable<Byte> {
    public static final byte MIN_VALUE = 0, MAX_VALUE = 0;
}
public final class Float extends Number implements Comparable<Float> {
    public static final float MIN_VALUE = 0, MAX_VALUE = 0;
    public static int floatToIntBits(float value) { return 0; }
    public static int compare(float a, float b) { return 0; }
    public static boolean isNaN(float value) { return true; }
}
public final class Double extends Number implements Comparable<Double> {
    public static final double MIN_VALUE = 0, MAX_VALUE = 0;
    public static long doubleToLongBits(double value) { return 0; }
    public static int compare(double a, double b) { return 0; }
    public static boolean isNaN(double value) { return true; }
    public static double parseDouble(String text) { return 0; }
    public static Double valueOf(double value) { return null; }
}
public final class Character implements Comparable<Character>, java.io.Serializable {
    public static final char MIN_VALUE = 0, MAX_VALUE = 0;
    public char charValue() { return 0; }
    public static Character valueOf(char letter) { return null; }
    public static boolean isDigit(char letter) { return true; }
    public static boolean isLetter(char letter) { return true; }
    public static boolean isWhitespace(char letter) { return true; }
    public static char toLowerCase(char letter) { return 0; }
    public static char toUpperCase(char letter) { return 0; }
    public static String toString(char letter) { return null; }
}
public final class Boolean implements Comparable<Boolean>, java.io.Serializable {
    public static final Boolean TRUE = null, FALSE = null;
    public boolean booleanValue() { return true; }
    public static boolean parseBoolean(String text) { return true; }
    public static Boolean valueOf(boolean value) { return null; }
}
public final class Void {}

public final class Class<T> implements java.io.Serializable, java.lang.reflect.GenericDeclaration,
        java.lang.reflect.Type, java.lang.reflect.AnnotatedElement {
    public String getName() { return null; }
    public String getSimpleName() { return null; }
    public String getCanonicalName() { return null; }
    public T cast(Object value) { return null; }
    public T newInstance() { return null; }
    public Class<?> getEnclosingClass() { return null; }
    public Class<?> getDeclaringClass() { return null; }
    public Class<?> getComponentType() { return null; }
    public Class<? super T> getSuperclass() { return null; }
    public Class<?>[] getInterfaces() { return null; }
    public boolean isInstance(Object value) { return true; }
    public boolean isArray() { return true; }
    public boolean isPrimitive() { return true; }
    public boolean isAnonymousClass() { return true; }
    public boolean isAssignableFrom(Class<?> other) { return true; }
    public T[] getEnumConstants() { return null; }
}
public abstract class Enum<E> implements Comparable<E>, java.io.Serializable {
    public final String name() { return null; }
    public final int ordinal() { return 0; }
    public final Class<E> getDeclaringClass() { return null; }
    public static E[] values() { return null; }
    public static E valueOf(String name) { return null; }
}
public abstract class Record {}

public class Throwable implements java.io.Serializable {
    public Throwable() {}
    public Throwable(String message) {}
    public Throwable(String message, Throwable cause) {}
    public String getMessage() { return null; }
    public String getLocalizedMessage() { return null; }
    public Throwable getCause() { return null; }
    public Throwable initCause(Throwable cause) { return null; }
    public void addSuppressed(Throwable other) {}
    public void printStackTrace() {}
}
public class Exception extends Throwable {}
public class Error extends Throwable {}
public class RuntimeException extends Exception {}
public class IllegalArgumentException extends RuntimeException {}
public class IllegalStateException extends RuntimeException {}
public class NullPointerException extends RuntimeException {}
public class UnsupportedOperationException extends RuntimeException {}
public class IndexOutOfBoundsException extends RuntimeException {}
public class ClassCastException extends RuntimeException {}
public class ArithmeticException extends RuntimeException {}
public class NumberFormatException extends IllegalArgumentException {}
public class CloneNotSupportedException extends Exception {}
public class InterruptedException extends Exception {}
public class ReflectiveOperationException extends Exception {}
public class ClassNotFoundException extends ReflectiveOperationException {}
public class AssertionError extends Error {}

public class Thread implements Runnable {
    public void run() {}
    public void start() {}
    public void interrupt() {}
    public static Thread currentThread() { return null; }
}
public class ThreadLocal<T> {
    public T get() { return null; }
    public void set(T value) {}
    public void remove() {}
    public static <S> ThreadLocal<S> withInitial(Supplier<? extends S> supplier) { return null; }
}
public final class Math {
    public static int abs(int value) { return 0; }
    public static int max(int a, int b) { return 0; }
    public static int min(int a, int b) { return 0; }
}
public final class System {
    public static final java.io.PrintStream out, err;
    public static final java.io.InputStream in;
    public static int identityHashCode(Object value) { return 0; }
    public static long currentTimeMillis() { return 0; }
    public static long nanoTime() { return 0; }
    public static String getProperty(String name) { return null; }
    public static String lineSeparator() { return null; }
}
public @interface Override {}
public @interface Deprecated {}
public @interface FunctionalInterface {}
public @interface SafeVarargs {}
public @interface SuppressWarnings { String[] value(); }
