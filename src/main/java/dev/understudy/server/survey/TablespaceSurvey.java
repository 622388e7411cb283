package dev.understudy.server.survey;

/**
 * A tablespace outside of the data directory.
 *
 * @param name its name
 * @param oid its object identifier, unsigned
 * @param location the directory on the server's host
 * @param bytes what it holds; -1 if the role may not see that
 */
public record TablespaceSurvey(String name, long oid, String location, long bytes) {}
