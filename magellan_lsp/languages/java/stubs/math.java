// The classes of java.math whose results navigation needs to follow. Never shown as places.
package java.math;

public class BigInteger extends Number implements Comparable<BigInteger> {
    public static final BigInteger ZERO = null, ONE = null, TWO = null, TEN = null;
    public BigInteger(String text) {}
    public BigInteger(String text, int radix) {}
    public BigInteger(byte[] bytes) {}
    public BigInteger(int signum, byte[] bytes) {}
    public BigInteger add(BigInteger other) { return null; }
    public BigInteger subtract(BigInteger other) { return null; }
    public BigInteger multiply(BigInteger other) { return null; }
    public BigInteger divide(BigInteger other) { return null; }
    public BigInteger mod(BigInteger other) { return null; }
    public BigInteger remainder(BigInteger other) { return null; }
    public BigInteger gcd(BigInteger other) { return null; }
    public BigInteger and(BigInteger other) { return null; }
    public BigInteger or(BigInteger other) { return null; }
    public BigInteger xor(BigInteger other) { return null; }
    public BigInteger max(BigInteger other) { return null; }
    public BigInteger min(BigInteger other) { return null; }
    public BigInteger negate() { return null; }
    public BigInteger abs() { return null; }
    public BigInteger not() { return null; }
    public BigInteger sqrt() { return null; }
    public static BigInteger valueOf(long value) { return null; }
    public BigInteger pow(int exponent) { return null; }
    public BigInteger shiftLeft(int bits) { return null; }
    public BigInteger shiftRight(int bits) { return null; }
    public int signum() { return 0; }
    public int bitLength() { return 0; }
    public int compareTo(BigInteger other) { return 0; }
    public int intValueExact() { return 0; }
    public long longValueExact() { return 0; }
    public String toString(int radix) { return null; }
    public byte[] toByteArray() { return null; }
}
public class BigDecimal extends Number implements Comparable<BigDecimal> {
    public static final BigDecimal ZERO = null, ONE = null, TWO = null, TEN = null;
    public BigDecimal(String text) {}
    public BigDecimal(double value) {}
    public BigDecimal(int value) {}
    public BigDecimal(long value) {}
    public BigDecimal(BigInteger value) {}
    public BigDecimal(BigInteger unscaled, int scale) {}
    public BigDecimal add(BigDecimal other) { return null; }
    public BigDecimal subtract(BigDecimal other) { return null; }
    public BigDecimal multiply(BigDecimal other) { return null; }
    public BigDecimal divide(BigDecimal other) { return null; }
    public BigDecimal remainder(BigDecimal other) { return null; }
    public BigDecimal max(BigDecimal other) { return null; }
    public BigDecimal min(BigDecimal other) { return null; }
    public BigDecimal negate() { return null; }
    public BigDecimal abs() { return null; }
    public BigDecimal stripTrailingZeros() { return null; }
    public static BigDecimal valueOf(long value) { return null; }
    public static BigDecimal valueOf(double value) { return null; }
    public static BigDecimal valueOf(long unscaled, int scale) { return null; }
    public BigDecimal divide(BigDecimal other, RoundingMode mode) { return null; }
    public BigDecimal divide(BigDecimal other, int scale, RoundingMode mode) { return null; }
    public BigDecimal pow(int exponent) { return null; }
    public BigDecimal setScale(int scale) { return null; }
    public BigDecimal setScale(int scale, RoundingMode mode) { return null; }
    public BigInteger toBigInteger() { return null; }
    public BigInteger unscaledValue() { return null; }
    public int scale() { return 0; }
    public int precision() { return 0; }
    public int signum() { return 0; }
    public int compareTo(BigDecimal other) { return 0; }
    public int intValueExact() { return 0; }
    public long longValueExact() { return 0; }
    public String toPlainString() { return null; }
}
public enum RoundingMode { UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN, HALF_EVEN, UNNECESSARY }
public final class MathContext { public MathContext(int precision) {} }
