/** What the tests of the edges (REST, health, metrics) share: a loop that says what a test tells it to say. */
package io.respawn.edges;
