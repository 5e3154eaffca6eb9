/** A small piece of a .spn file as a tree, and how its values are read. */

/** An element with its children. */
export interface SpnNode {
  readonly name: string;
  /** Text of an element without children; '' otherwise. */
  readonly text: string;
  readonly children: SpnNode[];
  /** The 16 values of a risk array, which are told apart from other children for speed. */
  readonly values: number[] | null;
  /** Characters from the start of the file. */
  readonly place: number;
}

/** The first thing wrong in the pieces read so far. */
export interface SpnProblem {
  readonly place: number;
  readonly message: string;
}

/** Reads values out of nodes and keeps the first thing that is wrong. */
export class SpnValues {
  problem: SpnProblem | null = null;

  /** The child of that name, or null. */
  child(node: SpnNode, name: string): SpnNode | null {
    for (const child of node.children) if (child.name === name) return child;
    return null;
  }

  /** All children of that name. */
  all(node: SpnNode, name: string): readonly SpnNode[] {
    return node.children.filter((child) => child.name === name);
  }

  /** Text of a child; '' where there is none. */
  text(node: SpnNode, name: string): string {
    return this.child(node, name)?.text.trim() ?? '';
  }

  /** Number of a child; null where there is none. */
  number(node: SpnNode, name: string): number | null {
    const child = this.child(node, name);
    if (child === null) return null;
    return this.parse(child.text, name, child.place);
  }

  /** Number of a child that must be there. */
  required(node: SpnNode, name: string): number {
    const value = this.number(node, name);
    if (value === null) this.reject(node.place, `expected <${name}> in <${node.name}>, found none`);
    return value ?? 0;
  }

  /** 1 or true; anything else is false. */
  flag(node: SpnNode, name: string): boolean {
    const text = this.text(node, name);
    return text === '1' || text === 'true' || text === 'Y';
  }

  /** Number from text. */
  parse(text: string, name: string, place: number): number {
    const value = Number(text);
    if (!Number.isFinite(value) || (value === 0 && text.trim() === '')) {
      this.reject(place, `expected a number in <${name}>, found "${text.slice(0, 40)}"`);
      return 0;
    }
    return value;
  }

  /** Notes what is wrong, unless something was before. */
  reject(place: number, message: string): void {
    this.problem ??= { place, message };
  }
}
