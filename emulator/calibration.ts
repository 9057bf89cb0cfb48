/**
 * Times of AWS Lambda that the emulator imitates under `--fidelity aws`. The only place where such numbers stand; every one can be set by an
 * option of its own. Milliseconds unless the name says otherwise.
 */
export const calibration = {
  /**
   * Platform's share of a warm synchronous `Invoke` with a kept connection: front end, placement, delivery. The caller's own share (serialising, signing,
   * TLS on AWS) is CPU work of the caller and arises by itself under its CPU share. An internal no-op call is reported at 10.4 ms median by Nightcore
   * (ASPLOS 2021), of which about 2 ms are the caller's at full speed.
   */
  syncHopMs: 8,
  /** Platform's share until an asynchronous `Invoke` is acknowledged (202); Fusionize++ measured 24 ms in all at 768 MB and more, through a gateway with a new TLS connection. */
  asyncAcceptMs: 8,
  /** From the accepted event to its delivery when an instance is free; the internal queue is polled continuously. Assumed small; AWS publishes no number. */
  asyncDeliveryMs: 3,
  /**
   * From the request to the start of INIT: choosing a host, fetching and mounting the code, starting the sandbox. Not published; clients see about this much
   * beyond INIT on a first request of a small zip.
   */
  coldStartMs: 80,
  /** INIT of a small Node zip at every memory size; lambda-perf of 2026-08-22 has means of 114 to 147 ms and no dependence on memory: INIT is not throttled. */
  initMs: 140,
  /** Idle lifetime of an instance; AWS documents none, 5 to 15 minutes are the usual observations. */
  keepAliveMs: 600_000,
  /** CreateFunction until State is Active. */
  createMs: 700,
  /** UpdateFunctionCode or UpdateFunctionConfiguration until LastUpdateStatus is Successful. */
  updateMs: 500,
  /** INIT may take this long on demand; past it, it is repeated inside the first invocation under the function's timeout (Lambda developer guide, execution environment). */
  initLimitMs: 10_000,
  /** Waits before the second and third attempt of a failed asynchronous event (Lambda developer guide, asynchronous invocation). */
  asyncRetryMs: [60_000, 120_000],
  /** Throttled asynchronous events return to the queue with a growing wait, from the first to the second number (same page). */
  throttleBackoffMs: [1_000, 300_000],
  /** Memory that buys one whole virtual CPU, in MB (Lambda developer guide, memory). */
  memoryPerCpuMb: 1_769,
  /** Period of the CPU quota in microseconds; pauses on Lambda repeat every 20 ms (pwrdrvr/lambda-throttling). */
  cpuPeriodUs: 20_000,
  /** New instances a function may get in any ten seconds (Lambda developer guide, scaling). */
  scalingPer10s: 1_000,
  /** Concurrent invocations of an account in a region, unless raised. */
  accountConcurrency: 1_000,
  /** Synchronous requests a second for each unit of concurrency (Lambda developer guide, quotas). */
  requestsPerConcurrency: 10,
  /** Streamed responses: so much at once, then so much a second, so much in all (Lambda developer guide, response streaming). */
  streamUncappedBytes: 6_291_456,
  streamBytesPerSecond: 2_097_152,
  streamMostBytes: 209_715_200,
  /** Must stay unreserved by PutFunctionConcurrency. */
  minimumUnreserved: 100,
} as const;
