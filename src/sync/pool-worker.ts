// Loaded by piscina in each worker of a pool.
export { perform } from './perform.js';
