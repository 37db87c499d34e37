/** Messages of the kernel, Python, torch and other tools about exhausted resources. */

export const saysDiskFull = (text: string): boolean =>
  /No space left on device|\bENOSPC\b|Disk quota exceeded|\bEDQUOT\b|PytorchStreamWriter failed writing|file write failed/i.test(
    text,
  );

export const saysOutOfMemory = (text: string): boolean =>
  /^\s*(?:\w+\.)*MemoryError\b|DefaultCPUAllocator|Cannot allocate memory|\bENOMEM\b|std::bad_alloc|memory allocation of \d+ bytes failed|failed to map segment from shared object|can't start new thread|pthread_create failed|Unable to allocate [\d.]+ [KMGT]iB|OpenBLAS.*(?:allocat|Memory)|killed by signal: Killed|Signal 9 \(SIGKILL\)|exitcode\s*:\s*-9|oom-kill/im.test(
    text,
  );

export const saysSharedMemoryFull = (text: string): boolean =>
  /killed by signal: Bus error|Bus error \(core dumped\)|out of shared memory|insufficient shared memory|unable to (?:open|allocate|resize|mmap|write to)[^\n]*(?:shared memory|\/torch_)|Signal 7 \(SIGBUS\)|exitcode\s*:\s*-7/i.test(
    text,
  );

export const saysGpuMemoryFull = (text: string): boolean =>
  /CUDA(?: error:)? out of memory|torch\.(?:cuda\.)?OutOfMemoryError|CUBLAS_STATUS_ALLOC_FAILED|MPS backend out of memory|HIP out of memory/i.test(
    text,
  );
