/**
 * How fast lookups and changes are, beside a TreeMap walk in the same run. Not a test: {@code
 * scripts/bench} runs {@link io.ringdaemon.bench.Bench}; figures are in docs/benchmarks.md.
 */
package io.ringdaemon.bench;
