/** Injection token for the {@link AppConfig}. */
export const APP_CONFIG = Symbol('AppConfig');

/** Injection token for the {@link Logger}. */
export const LOGGER = Symbol('Logger');
