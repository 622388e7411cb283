/**
 * Understudy beside what people use today, measured in one run. {@code mvn -Pbenchmark verify} holds the contests,
 * prints the table and writes it under {@code target/benchmark}.
 */
@NullMarked
package dev.understudy.benchmark;

import org.jspecify.annotations.NullMarked;
