import { join } from 'node:path';
import { root } from '../types/workspace.js';
import type { LanguageServer } from './language-server.js';
import { LspServer } from './lsp.js';
import { Tsserver } from './tsserver.js';

export const serverVersions = ['5.9', '7.0'] as const;
export type ServerVersion = (typeof serverVersions)[number];

export const startServer = (version: ServerVersion, directory: string): LanguageServer =>
  version === '7.0'
    ? new LspServer(join(root, 'node_modules/typescript-7/bin/tsc'), directory)
    : new Tsserver(join(root, 'node_modules/typescript/lib/tsserver.js'), directory);
