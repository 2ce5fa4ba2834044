package io.respawn.model;

/** The boot and the process namespace in which process numbers have a meaning. */
public record HostIdentity(String bootId, long pidNamespace) {}
