package dev.understudy.provision.preflight.facts;

/**
 * The password the standby will need.
 *
 * @param available whether one is given for the replication connection, in it or in a password file
 * @param demanded whether the server asks for one from the standby's address
 * @param source where it is from or what was tried, for people; never the password
 */
public record PasswordFacts(boolean available, boolean demanded, String source) {}
