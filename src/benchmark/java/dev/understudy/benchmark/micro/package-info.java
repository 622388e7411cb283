/** The inner loops that every byte passes, under JMH. */
@NullMarked
package dev.understudy.benchmark.micro;

import org.jspecify.annotations.NullMarked;
