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
    public byte byteValue() { return 0; }
    public short shortValue() { return 0; }
}
public final class Integer extends Number implements Comparable<Integer> {
    public static final int MIN_VALUE = 0, MAX_VALUE = 0;
    public static final int SIZE = 0, BYTES = 0;
    public static int parseInt(String text) { return 0; }
    public static int parseInt(String text, int radix) { return 0; }
    public static Integer valueOf(int value) { return null; }
    public static Integer valueOf(String text) { return null; }
    public static String toString(int value) { return null; }
    public static int hashCode(int value) { return 0; }
    public static int compare(int a, int b) { return 0; }
    public static String toHexString(int value) { return null; }
    public static String toOctalString(int value) { return null; }
    public static String toBinaryString(int value) { return null; }
    public static String toUnsignedString(int value) { return null; }
    public static int bitCount(int value) { return 0; }
    public static int signum(int value) { return 0; }
    public static int numberOfLeadingZeros(int value) { return 0; }
    public static int numberOfTrailingZeros(int value) { return 0; }
    public static int highestOneBit(int value) { return 0; }
    public static int reverse(int value) { return 0; }
    public static int rotateLeft(int value, int by) { return 0; }
    public static int rotateRight(int value, int by) { return 0; }
    public static int sum(int a, int b) { return 0; }
    public static int max(int a, int b) { return 0; }
    public static int min(int a, int b) { return 0; }
}
public final class Long extends Number implements Comparable<Long> {
    public static final long MIN_VALUE = 0, MAX_VALUE = 0;
    public static final int SIZE = 0, BYTES = 0;
    public static long parseLong(String text) { return 0; }
    public static long parseLong(String text, int radix) { return 0; }
    public static Long valueOf(long value) { return null; }
    public static Long valueOf(String text) { return null; }
    public static String toString(long value) { return null; }
    public static int hashCode(long value) { return 0; }
    public static int compare(long a, long b) { return 0; }
    public static String toHexString(long value) { return null; }
    public static String toOctalString(long value) { return null; }
    public static String toBinaryString(long value) { return null; }
    public static String toUnsignedString(long value) { return null; }
    public static int bitCount(long value) { return 0; }
    public static int signum(long value) { return 0; }
    public static int numberOfLeadingZeros(long value) { return 0; }
    public static int numberOfTrailingZeros(long value) { return 0; }
    public static long highestOneBit(long value) { return 0; }
    public static long reverse(long value) { return 0; }
    public static long rotateLeft(long value, int by) { return 0; }
    public static long rotateRight(long value, int by) { return 0; }
    public static long sum(long a, long b) { return 0; }
    public static long max(long a, long b) { return 0; }
    public static long min(long a, long b) { return 0; }
}
public final class Short extends Number implements Comparable<Short> {
    public static final short MIN_VALUE = 0, MAX_VALUE = 0;
    public static final int SIZE = 0, BYTES = 0;
    public static short parseShort(String text) { return 0; }
    public static short parseShort(String text, int radix) { return 0; }
    public static Short valueOf(short value) { return null; }
    public static Short valueOf(String text) { return null; }
    public static String toString(short value) { return null; }
    public static int hashCode(short value) { return 0; }
    public static int compare(short a, short b) { return 0; }
    public static int toUnsignedInt(short value) { return 0; }
}
public final class Byte extends Number implements Comparable<Byte> {
    public static final byte MIN_VALUE = 0, MAX_VALUE = 0;
    public static final int SIZE = 0, BYTES = 0;
    public static byte parseByte(String text) { return 0; }
    public static byte parseByte(String text, int radix) { return 0; }
    public static Byte valueOf(byte value) { return null; }
    public static Byte valueOf(String text) { return null; }
    public static String toString(byte value) { return null; }
    public static int hashCode(byte value) { return 0; }
    public static int compare(byte a, byte b) { return 0; }
    public static int toUnsignedInt(byte value) { return 0; }
}
public final class Float extends Number implements Comparable<Float> {
    public static final float MIN_VALUE = 0, MAX_VALUE = 0, MIN_NORMAL = 0;
    public static final float NaN = 0, POSITIVE_INFINITY = 0, NEGATIVE_INFINITY = 0;
    public static final int SIZE = 0, BYTES = 0;
    public static float parseFloat(String text) { return 0; }
    public static Float valueOf(float value) { return null; }
    public static Float valueOf(String text) { return null; }
    public static String toString(float value) { return null; }
    public static int hashCode(float value) { return 0; }
    public static int compare(float a, float b) { return 0; }
    public static boolean isNaN(float value) { return true; }
    public static boolean isInfinite(float value) { return true; }
    public static boolean isFinite(float value) { return true; }
    public boolean isNaN() { return true; }
    public boolean isInfinite() { return true; }
    public static float sum(float a, float b) { return 0; }
    public static float max(float a, float b) { return 0; }
    public static float min(float a, float b) { return 0; }
    public static int floatToIntBits(float value) { return 0; }
    public static int floatToRawIntBits(float value) { return 0; }
    public static float intBitsToFloat(int bits) { return 0; }
}
public final class Double extends Number implements Comparable<Double> {
    public static final double MIN_VALUE = 0, MAX_VALUE = 0, MIN_NORMAL = 0;
    public static final double NaN = 0, POSITIVE_INFINITY = 0, NEGATIVE_INFINITY = 0;
    public static final int SIZE = 0, BYTES = 0;
    public static double parseDouble(String text) { return 0; }
    public static Double valueOf(double value) { return null; }
    public static Double valueOf(String text) { return null; }
    public static String toString(double value) { return null; }
    public static int hashCode(double value) { return 0; }
    public static int compare(double a, double b) { return 0; }
    public static boolean isNaN(double value) { return true; }
    public static boolean isInfinite(double value) { return true; }
    public static boolean isFinite(double value) { return true; }
    public boolean isNaN() { return true; }
    public boolean isInfinite() { return true; }
    public static double sum(double a, double b) { return 0; }
    public static double max(double a, double b) { return 0; }
    public static double min(double a, double b) { return 0; }
    public static long doubleToLongBits(double value) { return 0; }
    public static long doubleToRawLongBits(double value) { return 0; }
    public static double longBitsToDouble(long bits) { return 0; }
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
    public static final double PI = 0, E = 0;
    public static int abs(int value) { return 0; }
    public static long abs(long value) { return 0; }
    public static float abs(float value) { return 0; }
    public static double abs(double value) { return 0; }
    public static int negateExact(int value) { return 0; }
    public static long negateExact(long value) { return 0; }
    public static int max(int a, int b) { return 0; }
    public static long max(long a, long b) { return 0; }
    public static float max(float a, float b) { return 0; }
    public static double max(double a, double b) { return 0; }
    public static int min(int a, int b) { return 0; }
    public static long min(long a, long b) { return 0; }
    public static float min(float a, float b) { return 0; }
    public static double min(double a, double b) { return 0; }
    public static int addExact(int a, int b) { return 0; }
    public static long addExact(long a, long b) { return 0; }
    public static int subtractExact(int a, int b) { return 0; }
    public static long subtractExact(long a, long b) { return 0; }
    public static int multiplyExact(int a, int b) { return 0; }
    public static long multiplyExact(long a, long b) { return 0; }
    public static int floorDiv(int a, int b) { return 0; }
    public static long floorDiv(long a, long b) { return 0; }
    public static int floorMod(int a, int b) { return 0; }
    public static long floorMod(long a, long b) { return 0; }
    public static double floor(double value) { return 0; }
    public static double ceil(double value) { return 0; }
    public static double rint(double value) { return 0; }
    public static double sqrt(double value) { return 0; }
    public static double cbrt(double value) { return 0; }
    public static double exp(double value) { return 0; }
    public static double log(double value) { return 0; }
    public static double log10(double value) { return 0; }
    public static double sin(double value) { return 0; }
    public static double cos(double value) { return 0; }
    public static double tan(double value) { return 0; }
    public static double asin(double value) { return 0; }
    public static double acos(double value) { return 0; }
    public static double atan(double value) { return 0; }
    public static double signum(double value) { return 0; }
    public static double toRadians(double value) { return 0; }
    public static double toDegrees(double value) { return 0; }
    public static double pow(double a, double b) { return 0; }
    public static double atan2(double a, double b) { return 0; }
    public static double hypot(double a, double b) { return 0; }
    public static long round(double value) { return 0; }
    public static int round(float value) { return 0; }
    public static int toIntExact(long value) { return 0; }
    public static double random() { return 0; }
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
