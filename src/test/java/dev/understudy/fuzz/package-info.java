/** The readers of files and answers that others wrote, under coverage-guided fuzzing. */
package dev.understudy.fuzz;
