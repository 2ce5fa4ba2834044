package io.respawn.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The words of the kernel for a failure, which Java hides in the type for some and in the message for others. */
final class Reasons {

    private Reasons() {}

    static String of(IOException failed) {
        return switch (failed) {
            case AccessDeniedException denied -> "Permission denied: " + denied.getFile();
            case NoSuchFileException missing -> "No such file or directory: " + missing.getFile();
            case FileAlreadyExistsException present -> "File exists: " + present.getFile();
            case FileSystemException other -> other.getReason() + ": " + other.getFile();
            default -> String.valueOf(failed.getMessage());
        };
    }
}
