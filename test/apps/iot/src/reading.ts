/** What a roadside sensor reports. Sensors are numbered along the road: 0 to 100. */
export interface Reading {
  sensorID: number;
  /** ms since the epoch. */
  time: number;
  /** °C. */
  temperature: number;
  /** dB(A). */
  sound: number;
  /** Share of fine dust, µg/m³. */
  air: number;
}

/** What the checks get: one value of a reading. */
export interface SensorEvent {
  originalEvent: { sensorID: number; time: number; value: number };
}

export const LAST_SENSOR = 100;

/** A root request: a reading, or as much of one as the client gives. */
export type Request = Partial<Reading> & { seed?: number };

/** Fills in what the request leaves open, as the original app invents all of it. The same seed gives the same reading. */
export function completeReading(request: Request | null): Reading {
  const random = request?.seed === undefined ? Math.random : seeded(request.seed);
  const invented: Reading = {
    sensorID: Math.floor(random() * (LAST_SENSOR + 1)),
    time: Date.now(),
    temperature: normal(random, 15, 8),
    sound: normal(random, 65, 10),
    air: normal(random, 25, 10),
  };
  const { seed: _seed, ...given } = request ?? {};
  return { ...invented, ...given };
}

export function sensorEvent(reading: Reading, value: number): SensorEvent {
  return { originalEvent: { sensorID: reading.sensorID, time: reading.time, value } };
}

/** Box–Muller transform: normally distributed, to one decimal. */
function normal(random: () => number, mean: number, deviation: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return Math.round((mean + deviation * radius * Math.cos(2 * Math.PI * random())) * 10) / 10;
}

/** mulberry32: numbers from 0 up to 1. */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
