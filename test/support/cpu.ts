/** Milliseconds of this thread's processor that a piece of work takes, whatever else the machine does meanwhile. */
export function cpuOf(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
