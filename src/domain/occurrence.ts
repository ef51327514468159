import type { Temporal } from 'temporal-polyfill';

/** One instant at which an alert is to fire. */
export interface Occurrence {
  /**
   * sch_Clave: what makes it the same occurrence however often it is computed. Of a periodic alert the local date
   * `YYYY-MM-DD` (one sending a day), of a listed entry its local date-time `YYYY-MM-DDTHH:mm:ss` as listed.
   */
  key: string;
  /** The instant, in the zone of the tenant. In a gap of daylight saving its wall time is not the configured one. */
  at: Temporal.ZonedDateTime;
}
