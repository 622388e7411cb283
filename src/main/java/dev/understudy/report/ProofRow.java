package dev.understudy.report;

/**
 * One part of the proof that a standby is consistent.
 *
 * @param part what had to hold, a few words
 * @param holds whether it was seen to hold
 * @param claim what was seen, with exact values
 * @param source where
 */
public record ProofRow(String part, boolean holds, String claim, String source) {}
