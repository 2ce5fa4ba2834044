/**
 * Turns the configuration (file, environment, system properties) into a plan and settings, or into the complete list of
 * what is wrong with it. Works before the framework is there, and hands the same file on to the framework later.
 */
@NullMarked
package io.respawn.config;

import org.jspecify.annotations.NullMarked;
