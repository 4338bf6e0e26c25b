// The classes of java.nio.file that code chains calls through, and what tells overloads apart. Never shown as places.
package java.nio.file;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

public interface Watchable {}
public interface Path extends Comparable<Path>, Iterable<Path>, Watchable {
    static Path of(String first, String... more);
    Path getFileName();
    Path getName(int index);
    Path getParent();
    Path getRoot();
    Path normalize();
    Path relativize(Path other);
    Path resolve(Path other);
    Path resolve(String other);
    Path resolveSibling(Path other);
    Path resolveSibling(String other);
    Path subpath(int start, int end);
    Path toAbsolutePath();
    Path toRealPath(LinkOption... options);
    File toFile();
    FileSystem getFileSystem();
    Iterator<Path> iterator();
    boolean startsWith(Path other);
    boolean startsWith(String other);
    boolean endsWith(Path other);
    boolean endsWith(String other);
    int getNameCount();
}
public final class Paths {
    public static Path get(String first, String... more) { return null; }
}
public abstract class FileSystem {
    public Path getPath(String first, String... more) { return null; }
    public String getSeparator() { return null; }
}
public final class FileSystems {
    public static FileSystem getDefault() { return null; }
}
public interface CopyOption {}
public interface OpenOption {}
public enum LinkOption implements OpenOption, CopyOption { NOFOLLOW_LINKS }
public final class Files {
    public static BufferedReader newBufferedReader(Path path) { return null; }
    public static BufferedWriter newBufferedWriter(Path path) { return null; }
    public static InputStream newInputStream(Path path, OpenOption... options) { return null; }
    public static OutputStream newOutputStream(Path path, OpenOption... options) { return null; }
    public static List<String> readAllLines(Path path) { return null; }
    public static Stream<String> lines(Path path) { return null; }
    public static Stream<Path> list(Path path) { return null; }
    public static Stream<Path> walk(Path path) { return null; }
    public static String readString(Path path) { return null; }
    public static Path writeString(Path path, CharSequence text, OpenOption... options) { return null; }
    public static Path write(Path path, byte[] bytes, OpenOption... options) { return null; }
    public static Path createDirectory(Path path) { return null; }
    public static Path createDirectories(Path path) { return null; }
    public static Path createFile(Path path) { return null; }
    public static Path createTempDirectory(String prefix) { return null; }
    public static Path createTempFile(String prefix, String suffix) { return null; }
    public static Path copy(Path from, Path to, CopyOption... options) { return null; }
    public static Path move(Path from, Path to, CopyOption... options) { return null; }
    public static boolean exists(Path path, LinkOption... options) { return true; }
    public static boolean notExists(Path path, LinkOption... options) { return true; }
    public static boolean isDirectory(Path path, LinkOption... options) { return true; }
    public static boolean isRegularFile(Path path, LinkOption... options) { return true; }
    public static boolean deleteIfExists(Path path) { return true; }
    public static void delete(Path path) {}
    public static long size(Path path) { return 0; }
}
