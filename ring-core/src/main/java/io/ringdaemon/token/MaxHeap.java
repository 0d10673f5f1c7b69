package io.ringdaemon.token;

/** Numbers, the largest first. Holds as many as it was made for; confined to its maker. */
final class MaxHeap {
  private final long[] heap;
  private int size;

  MaxHeap(int capacity) {
    this.heap = new long[capacity];
  }

  boolean isEmpty() {
    return size == 0;
  }

  long peek() {
    return heap[0];
  }

  void push(long number) {
    int at = size++;
    while (at > 0 && heap[(at - 1) / 2] < number) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = number;
  }

  long pop() {
    long top = heap[0];
    size--;
    if (size > 0) {
      replaceTop(heap[size]);
    }
    return top;
  }

  /** Puts {@code number} in the place of the largest. */
  void replaceTop(long number) {
    int at = 0;
    int child = 1;
    while (child < size) {
      if (child + 1 < size && heap[child + 1] > heap[child]) {
        child++;
      }
      if (heap[child] <= number) {
        break;
      }
      heap[at] = heap[child];
      at = child;
      child = 2 * at + 1;
    }
    heap[at] = number;
  }
}
