package io.ringdaemon.ring;

/**
 * Reads the answer of {@link Ring#ownersPacked}: up to three instances, named by their place in
 * {@link Ring#instances()}, 16 bits each, the first lowest; above them four bits each for how many
 * they are and how many of them may fail. Places beyond the count are zero.
 */
public final class PackedOwners {
  /** No packed answer: {@link Ring#owners(int, Operation, Owners)} has it. */
  public static final long NONE = -1;

  private static final int COUNT = 48;
  private static final int MAX_ERRORS = 52;

  private PackedOwners() {}

  public static int count(long packed) {
    return (int) (packed >>> COUNT) & 15;
  }

  public static int maxErrors(long packed) {
    return (int) (packed >>> MAX_ERRORS) & 15;
  }

  /** The instance at {@code index} of the answer. */
  public static int ordinal(long packed, int index) {
    return (int) (packed >>> (index << 4)) & 0xFFFF;
  }

  static long head(int count, int maxErrors) {
    return (long) count << COUNT | (long) maxErrors << MAX_ERRORS;
  }
}
