/** The current time zone: it governs date transforms, Trunc, Extract and datetimes(). */
import { AsyncLocalStorage } from 'node:async_hooks';
import { refuse } from '../errors.js';
import { ContextParam } from './param.js';

const storage = new AsyncLocalStorage<string>();
let fallback = 'UTC';

function valid(zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch (cause) {
    refuse(`Unknown time zone '${zone}'.`, { cause });
  }
}

/**
 * Django's `django.utils.timezone`, as far as queries need it.
 * @see https://docs.djangoproject.com/en/stable/topics/i18n/timezones/
 */
export const timezone = {
  /** Runs a function in a time zone; everything awaited inside is in it too. */
  override<T>(zone: string, fn: () => T): T {
    return storage.run(valid(zone), fn);
  },
  /** The zone where none is overridden; 'UTC' at first. */
  set_default(zone: string): void {
    fallback = valid(zone);
  },
} as const;

/** The current zone as a parameter: read when the statement is sent, so that it is no part of the shape. */
export const CURRENT_ZONE = new ContextParam(() => storage.getStore() ?? fallback);

/** Checks a zone that a user wrote. */
export const checkZone = valid;
