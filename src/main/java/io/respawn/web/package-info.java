/**
 * REST for people and tools on the same machine: shows services and intents as they are at one moment, and hands commands
 * to the loop. It decides nothing about processes, and it refuses whatever a browser could be talked into sending.
 */
@NullMarked
package io.respawn.web;

import org.jspecify.annotations.NullMarked;
