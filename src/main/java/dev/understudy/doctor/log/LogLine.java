package dev.understudy.doctor.log;

/**
 * One message of a log, or one part of one.
 *
 * @param number of its first line, from 1
 * @param time as the log prints it, empty if it does not
 * @param severity in the log's own language
 * @param sqlState empty if the log does not have it
 * @param message one line, or several joined by spaces
 */
record LogLine(int number, String time, String severity, String sqlState, String message) {}
