// Loaded by synckit in the worker that async_to_sync waits for.
import { runAsWorker } from 'synckit';
import { markAsyncThread } from './async-thread.js';
import { perform } from './perform.js';

markAsyncThread();
runAsWorker(perform);
