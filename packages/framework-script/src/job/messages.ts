/** Messages of the kernel, Python and torch about exhausted resources. */

export const saysDiskFull = (text: string): boolean =>
  /No space left on device|\bENOSPC\b|Disk quota exceeded|PytorchStreamWriter failed writing/i.test(text);

export const saysOutOfMemory = (text: string): boolean =>
  /^\s*(?:\w+\.)*MemoryError\b|DefaultCPUAllocator|Cannot allocate memory|std::bad_alloc|killed by signal: Killed/im.test(
    text,
  );

export const saysGpuMemoryFull = (text: string): boolean =>
  /CUDA(?: error:)? out of memory|torch\.(?:cuda\.)?OutOfMemoryError|CUBLAS_STATUS_ALLOC_FAILED/i.test(text);
