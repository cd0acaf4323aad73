package io.github.bcc4j.compile.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A folder that nobody but this user can write to, opened: what is read from it goes into the kernel, so it must be this user's own. All
 * goes through the descriptor of the folder (openat(2)), which nobody can exchange after it was checked.
 */
public final class PrivateFolder implements AutoCloseable {
    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Path path;
    private final SecureDirectoryStream<Path> folder;
    private final UserPrincipal self;

    /**
     * A file in it.
     *
     * @param name its name
     * @param bytes how long it is
     * @param used when it was last used
     */
    public record Item(String name, long bytes, FileTime used) {}

    private PrivateFolder(Path path, SecureDirectoryStream<Path> folder, UserPrincipal self) {
        this.path = path;
        this.folder = folder;
        this.self = self;
    }

    /**
     * Opens a folder.
     *
     * @param path which
     * @return the open folder
     * @throws IOException if it is not there, or is not private
     */
    public static PrivateFolder open(Path path) throws IOException {
        UserPrincipal self = Files.getOwner(Path.of("/proc/self"));
        DirectoryStream<Path> stream = Files.newDirectoryStream(path);
        try {
            if (!(stream instanceof SecureDirectoryStream<Path> folder)) {
                throw new FileSystemException(path.toString(), null, "its file system has no openat");
            }
            requirePrivate(
                    path,
                    folder.getFileAttributeView(PosixFileAttributeView.class).readAttributes(),
                    self);
            return new PrivateFolder(path, folder, self);
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    /**
     * Opens a folder, which is made if it is not there.
     *
     * @param path which
     * @return the open folder
     * @throws IOException if it can't be made, or is not private
     */
    public static PrivateFolder make(Path path) throws IOException {
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return open(path);
    }

    private static void requirePrivate(Path path, PosixFileAttributes attributes, UserPrincipal self)
            throws IOException {
        if (!attributes.owner().equals(self)) {
            throw new FileSystemException(
                    path.toString(), null, "it belongs to " + attributes.owner() + ", not to " + self);
        }
        for (PosixFilePermission permission : OTHERS) {
            if (attributes.permissions().contains(permission)) {
                throw new FileSystemException(
                        path.toString(),
                        null,
                        "others can write to it (" + PosixFilePermissions.toString(attributes.permissions()) + ")");
            }
        }
    }

    private PosixFileAttributes attributes(String name) throws IOException {
        return folder.getFileAttributeView(Path.of(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /**
     * Reads a file.
     *
     * @param name its name
     * @param longest how many bytes it may have
     * @return its bytes
     * @throws IOException if it is not there, not this user's own, no plain file, or longer
     */
    public byte[] read(String name, int longest) throws IOException {
        PosixFileAttributes attributes = attributes(name);
        requirePrivate(path.resolve(name), attributes, self);
        if (!attributes.isRegularFile() || attributes.size() > longest) {
            throw new FileSystemException(
                    path.resolve(name).toString(), null, "no plain file of at most " + longest + " bytes");
        }
        try (SeekableByteChannel channel =
                folder.newByteChannel(Path.of(name), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) attributes.size());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // more
            }
            return bytes.array();
        }
    }

    /**
     * Writes a file: readers see the whole of it or nothing.
     *
     * @param name its name; a file that is there is replaced
     * @param content its bytes
     * @throws IOException if it can't be written
     */
    public void write(String name, byte[] content) throws IOException {
        Path draft = Path.of("." + name + "." + ProcessHandle.current().pid() + "."
                + Thread.currentThread().threadId());
        try {
            try (SeekableByteChannel channel = folder.newByteChannel(
                    draft,
                    Set.of(
                            StandardOpenOption.WRITE,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            folder.move(draft, folder, Path.of(name));
        } catch (IOException e) {
            deleteQuietly(draft);
            throw e;
        }
    }

    private void deleteQuietly(Path draft) {
        try {
            folder.deleteFile(draft);
        } catch (IOException e) {
            // trim() will find it
        }
    }

    /**
     * Whether a file is there.
     *
     * @param name its name
     * @return false if it is not
     * @throws IOException if it is not this user's own
     */
    public boolean has(String name) throws IOException {
        try {
            requirePrivate(path.resolve(name), attributes(name), self);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * When a file was last used.
     *
     * @param name its name
     * @return milliseconds since 1970
     * @throws IOException if it is gone
     */
    public long used(String name) throws IOException {
        return attributes(name).lastModifiedTime().toMillis();
    }

    /**
     * Says that a file was used now.
     *
     * @param name its name
     * @throws IOException if it is gone
     */
    public void touch(String name) throws IOException {
        folder.getFileAttributeView(Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.fromMillis(System.currentTimeMillis()), null, null);
    }

    /**
     * Lists the files. A folder is listed once.
     *
     * @return what is there
     * @throws IOException if it can't be read
     */
    public List<Item> list() throws IOException {
        List<Item> items = new ArrayList<>();
        for (Path file : folder) {
            String name = file.getFileName().toString();
            try {
                BasicFileAttributes attributes = attributes(name);
                if (attributes.isRegularFile()) {
                    items.add(new Item(name, attributes.size(), attributes.lastModifiedTime()));
                }
            } catch (IOException e) {
                continue; // somebody deleted it meanwhile
            }
        }
        return items;
    }

    /**
     * Deletes a file.
     *
     * @param name its name
     * @return whether it was there and could be deleted
     */
    public boolean delete(String name) {
        try {
            folder.deleteFile(Path.of(name));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
