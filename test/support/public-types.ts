import { join, posix } from 'node:path';
import ts from 'typescript';

/** A type that the package root should export, and a type that is made of it. */
export interface UnnamedType {
  name: string;
  usedBy: string;
  file: string;
}

/** The types of a package root. */
export interface PublicTypes {
  /** How many types were followed. */
  followed: number;
  /** Types that exported ones are made of, and that cannot be imported by name. */
  unnamed: UnnamedType[];
  /** Types of Node that need its declarations, and that browsers do not declare too. */
  node: string[];
  /** Declarations that are compiled with those of the root, and that need the declarations of Node. */
  files: string[];
}

/** Types that are passed on as a whole: their fields are of no use outside of the program. */
const OPAQUE = new Set(['Connections', 'FleetLog', 'ManifestCache', 'Validated', 'YamlMap']);

/** Types that the declarations of browsers and of Node have in common. */
const COMMON = new Set(['AbortSignal', 'Request', 'Response', 'URL']);

/** Follows every type from the exports of `entry`. Types are followed in all files below `folder`. */
export function publicTypesOf(entry: string, folder: string): PublicTypes {
  const config = join(folder, '..', 'tsconfig.json');
  const parsed = ts.getParsedCommandLineOfConfigFile(
    config,
    { noEmit: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const options = { ...parsed?.options, noEmit: false, declaration: true, emitDeclarationOnly: true };
  const program = ts.createProgram([entry], { ...options, noCheck: true, rootDir: folder, outDir: EMITTED });
  const followed = new Follower(program, folder).follow(entry);
  return { ...followed, files: filesThatNeedNode(program, entry.slice(folder.length)) };
}

// Nothing is written there.
const EMITTED = '/declarations';

/** A package without `skipLibCheck` compiles whole declaration files, also what they say about types of no other use. */
function filesThatNeedNode(program: ts.Program, entry: string): string[] {
  const declarations = new Map<string, string>();
  program.emit(undefined, (name, text) => declarations.set(name, text));
  const compiled = new Set([join(EMITTED, entry).replace(/\.ts$/u, '.d.ts')]);
  const found: string[] = [];
  // Iterating a set visits values added during the iteration.
  for (const file of compiled) {
    const text = declarations.get(file) ?? '';
    const imported = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
    for (const one of imported.filter((name) => name.startsWith('.')))
      compiled.add(posix.join(posix.dirname(file), one).replace(/\.js$/u, '.d.ts'));
    const code = text.replaceAll(/\/\*[^]*?\*\//gu, '');
    if (/\b(Buffer|NodeJS)\b/u.test(code) || imported.some((name) => name.startsWith('node:')))
      found.push(file);
  }
  return found.map((file) => file.slice(EMITTED.length + 1)).sort();
}

class Follower {
  private readonly checker: ts.TypeChecker;
  private readonly exported = new Set<ts.Symbol>();
  private readonly queued = new Set<ts.Symbol>();
  private readonly unnamed: UnnamedType[] = [];
  private readonly node = new Set<string>();

  constructor(
    private readonly program: ts.Program,
    private readonly folder: string,
  ) {
    this.checker = program.getTypeChecker();
  }

  follow(entry: string): Omit<PublicTypes, 'files'> {
    const source = this.program.getSourceFile(entry);
    const module = source && this.checker.getSymbolAtLocation(source);
    for (const symbol of module ? this.checker.getExportsOfModule(module) : []) {
      this.exported.add(this.original(symbol));
      this.queued.add(this.original(symbol));
    }
    // Iterating a set visits values added during the iteration.
    for (const symbol of this.queued) {
      if (OPAQUE.has(symbol.name)) continue;
      for (const declaration of symbol.declarations ?? []) this.visit(declaration, symbol.name);
    }
    const unnamed = this.unnamed.sort((a, b) => (a.file + a.name < b.file + b.name ? -1 : 1));
    return { followed: this.queued.size, unnamed, node: [...this.node].sort() };
  }

  /** Visits the types of a declaration; the bodies of functions and the values of constants have no part in it. */
  private visit(node: ts.Node, from: string): void {
    if (ts.isBlock(node)) return;
    if (ts.isPropertyDeclaration(node) && node.modifiers?.some(isPrivate)) return;
    if (ts.isVariableDeclaration(node) && node.type) return this.visit(node.type, from);
    if (ts.isTypeReferenceNode(node)) this.use(node.typeName, from, true);
    // The fields of a base are those of the type itself: only they are needed, not the name.
    if (ts.isExpressionWithTypeArguments(node)) this.use(node.expression, from, false);
    ts.forEachChild(node, (child) => this.visit(child, from));
  }

  private use(name: ts.Node, from: string, needsName: boolean): void {
    const found = this.checker.getSymbolAtLocation(name);
    if (!found) return;
    const symbol = this.original(found);
    const declaration = symbol.declarations?.[0];
    if (!declaration || symbol.flags & ts.SymbolFlags.TypeParameter) return;
    const { fileName } = declaration.getSourceFile();
    if (fileName.includes('/@types/node/') && !COMMON.has(symbol.name)) this.node.add(symbol.name);
    if (!fileName.startsWith(this.folder) || this.queued.has(symbol)) return;
    this.queued.add(symbol);
    if (!needsName || this.exported.has(symbol) || isExpanded(declaration)) return;
    this.unnamed.push({ name: symbol.name, usedBy: from, file: fileName.slice(this.folder.length + 1) });
  }

  private original(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }
}

/** An alias that its module keeps for itself is expanded wherever it is used. */
function isExpanded(declaration: ts.Declaration): boolean {
  if (!ts.isTypeAliasDeclaration(declaration)) return false;
  return !declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

const isPrivate = ({ kind }: ts.ModifierLike): boolean => kind === ts.SyntaxKind.PrivateKeyword;
