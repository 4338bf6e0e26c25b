// How the classes of java.io derive from each other: what tells overloads apart. Never shown as places.
package java.io;

import java.nio.file.Path;

public interface Serializable {}
public interface Closeable extends AutoCloseable {}
public interface Flushable {}
public abstract class Reader implements Closeable {
    public int read() { return 0; }
}
public class BufferedReader extends Reader {
    public String readLine() { return null; }
    public Stream<String> lines() { return null; }
}
public class InputStreamReader extends Reader {}
public class FileReader extends InputStreamReader {}
public class StringReader extends Reader {}
public abstract class Writer implements Appendable, Closeable, Flushable {
    public Writer append(CharSequence text) { return null; }
    public Writer append(CharSequence text, int start, int end) { return null; }
    public Writer append(char letter) { return null; }
    public void write(int letter) {}
    public void write(char[] letters) {}
    public abstract void write(char[] letters, int start, int length);
    public void write(String text) {}
    public void write(String text, int start, int length) {}
}
public class BufferedWriter extends Writer {}
public class OutputStreamWriter extends Writer {}
public class FileWriter extends OutputStreamWriter {}
public class StringWriter extends Writer {}
public class CharArrayWriter extends Writer {}
public class PrintWriter extends Writer {}
public abstract class InputStream implements Closeable {
    public int read() { return 0; }
}
public class FilterInputStream extends InputStream {}
public class BufferedInputStream extends FilterInputStream {}
public class DataInputStream extends FilterInputStream {}
public class ByteArrayInputStream extends InputStream {}
public class FileInputStream extends InputStream {}
public class ObjectInputStream extends InputStream {
    public Object readObject() { return null; }
}
public abstract class OutputStream implements Closeable, Flushable {}
public class FilterOutputStream extends OutputStream {}
public class BufferedOutputStream extends FilterOutputStream {}
public class DataOutputStream extends FilterOutputStream {}
public class PrintStream extends FilterOutputStream implements Appendable {}
public class ByteArrayOutputStream extends OutputStream {
    public byte[] toByteArray() { return null; }
}
public class FileOutputStream extends OutputStream {}
public class ObjectOutputStream extends OutputStream {}
public class File implements Serializable, Comparable<File> {
    public String getName() { return null; }
    public String getPath() { return null; }
    public String getAbsolutePath() { return null; }
    public File getParentFile() { return null; }
    public File getAbsoluteFile() { return null; }
    public File getCanonicalFile() { return null; }
    public File[] listFiles() { return null; }
    public Path toPath() { return null; }
    public boolean exists() { return true; }
    public boolean isDirectory() { return true; }
    public boolean isFile() { return true; }
}
public class IOException extends Exception {}
public class FileNotFoundException extends IOException {}
public class EOFException extends IOException {}
public class UncheckedIOException extends RuntimeException {}
