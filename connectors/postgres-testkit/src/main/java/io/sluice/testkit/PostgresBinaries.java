package io.sluice.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks a server's programs once for each version; several JVMs may do so at the same time. */
final class PostgresBinaries {
    private PostgresBinaries() {}

    /** The folder that holds {@code bin}, readable by every user. */
    static Path unpacked(int major) {
        Path all = Path.of(System.getProperty("java.io.tmpdir"), "sluice-postgres-" + System.getProperty("user.name"));
        Path home = all.resolve("postgres-" + major);
        if (Files.isDirectory(home)) {
            return home;
        }
        try {
            Files.createDirectories(all);
            Path fresh = Files.createTempDirectory(all, "unpack-");
            unpack(major, fresh);
            openToAll(all);
            openToAll(fresh);
            try {
                Files.move(fresh, home);
            } catch (FileAlreadyExistsException e) {
                Folders.delete(fresh);
            } catch (FileSystemException e) {
                if (!Files.isDirectory(home)) {
                    throw e;
                }
                Folders.delete(fresh);
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PostgreSQL " + major + " to " + home, e);
        }
    }

    private static void openToAll(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void unpack(int major, Path to) throws IOException {
        InputStream jar = PostgresBinaries.class.getResourceAsStream("postgres-" + major + ".jar");
        if (jar == null) {
            throw new IllegalArgumentException(
                    "there is no embedded PostgreSQL " + major + "; choose one of 14, 15, 16, 17, 18");
        }
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(jar))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".txz")) {
                    untar(new TarArchiveInputStream(new XZCompressorInputStream(zip)), to);
                    return;
                }
            }
        }
        throw new IOException("no .txz in the binaries of PostgreSQL " + major);
    }

    private static void untar(TarArchiveInputStream tar, Path to) throws IOException {
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            Path path = to.resolve(entry.getName()).normalize();
            if (!path.startsWith(to)) {
                throw new IOException("entry outside of the archive: " + entry.getName());
            }
            Files.createDirectories(entry.isDirectory() ? path : path.getParent());
            if (entry.isSymbolicLink()) {
                Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            } else if (!entry.isDirectory()) {
                try (OutputStream out = Files.newOutputStream(path)) {
                    tar.transferTo(out);
                }
                if ((entry.getMode() & 0100) != 0) {
                    openToAll(path);
                }
            }
        }
    }
}
