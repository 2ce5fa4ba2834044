/** Keeps the files themselves in order: length, names, documents that tell the truth about the project. */
@NullMarked
package io.respawn.tidy;

import org.jspecify.annotations.NullMarked;
