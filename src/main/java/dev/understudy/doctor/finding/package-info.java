/** What rules find: findings with evidence, remedies, and which follows from which. */
@NullMarked
package dev.understudy.doctor.finding;

import org.jspecify.annotations.NullMarked;
