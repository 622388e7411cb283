@NullMarked
package dev.understudy.cli.demo;

import org.jspecify.annotations.NullMarked;
