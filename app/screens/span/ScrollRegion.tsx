/** A part of a panel that scrolls, and can be scrolled by keyboard. */

interface ScrollRegionProps {
  readonly label: string;
  readonly children: React.ReactNode;
}

export function ScrollRegion({ label, children }: ScrollRegionProps): React.ReactElement {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className="table-scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
