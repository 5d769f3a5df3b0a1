// Walks what a program gets from the library, property by property and call by call, and says where an `any` comes out.
// TypeScript 7 has no compiler API yet, so the walk is made with 5.9.

import { join } from 'node:path';
import ts from 'typescript';

const deepest = 5;

export const anysOf = (directory: string, fileNames: readonly string[]): string[] => {
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(directory, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    directory,
  );
  const program = ts.createProgram({ rootNames: config.fileNames, options: config.options });
  const checker = program.getTypeChecker();
  const found: string[] = [];
  const seen = new Set<ts.Type>();

  /** The standard library and Drizzle have `any`s of their own (`JSON.parse`, a column's `_`): not ours to walk. */
  const isForeign = (symbol: ts.Symbol | undefined): boolean =>
    (symbol?.declarations ?? []).some(({ parent }) => {
      const file = parent.getSourceFile();
      return program.isSourceFileDefaultLibrary(file) || /node_modules\/(?!drizzle-queryset\/)/.test(file.fileName);
    });

  const walkSignature = (signature: ts.Signature, path: string, depth: number): void => {
    for (const parameter of signature.parameters) {
      const declaration = parameter.valueDeclaration;
      if (declaration)
        walk(checker.getTypeOfSymbolAtLocation(parameter, declaration), `${path}(${parameter.name})`, depth + 1);
    }
    walk(checker.getReturnTypeOfSignature(signature), `${path}()`, depth + 1);
  };

  const walk = (type: ts.Type, path: string, depth: number): void => {
    if (type.flags & ts.TypeFlags.Any) {
      found.push(path);
      return;
    }
    if (depth > deepest || seen.has(type)) return;
    seen.add(type);
    if (type.isUnionOrIntersection()) for (const part of type.types) walk(part, path, depth);
    const { target } = type as ts.TypeReference;
    checker.getTypeArguments(type as ts.TypeReference).forEach((argument, index) => {
      // `AsyncIterable<Row>` leaves its other parameters at the `any` that the standard library gives them.
      const parameter = target.typeParameters?.[index];
      const standard = parameter && checker.getDefaultFromTypeParameter(parameter);
      if (!(standard && standard.flags & ts.TypeFlags.Any && argument === standard))
        walk(argument, `${path}<>`, depth + 1);
    });
    for (const argument of type.aliasTypeArguments ?? []) walk(argument, `${path}<>`, depth + 1);
    if (isForeign(type.symbol)) return;
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()])
      walkSignature(signature, path, depth);
    for (const property of checker.getPropertiesOfType(type)) {
      const declaration = property.valueDeclaration ?? property.declarations?.[0];
      if (!declaration || isForeign(property)) continue;
      walk(checker.getTypeOfSymbolAtLocation(property, declaration), `${path}.${property.name}`, depth + 1);
    }
  };

  for (const fileName of fileNames) {
    const source = program.getSourceFile(join(directory, fileName));
    if (!source) throw new Error(`${fileName} is not in the project`);
    const module = checker.getSymbolAtLocation(source);
    for (const exported of module ? checker.getExportsOfModule(module) : []) {
      walk(checker.getTypeOfSymbolAtLocation(exported, source), exported.name, 0);
    }
    // What each statement holds: rows, instances, counts.
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) && checker.getTypeAtLocation(node).flags & ts.TypeFlags.Any) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        found.push(`${fileName}:${line + 1} ${node.text}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return [...new Set(found)];
};
