package dev.understudy.provision.preflight.facts;

/**
 * A privilege that the role lacks.
 *
 * @param purpose what it is for
 * @param grant the statement that gives it, ready to run
 */
public record PrivilegeFacts(String purpose, String grant) {}
