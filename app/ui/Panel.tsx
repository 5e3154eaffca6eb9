/** A panel: a head line with its name, its few choices and its actions, then its content. No frame. */

interface PanelProps {
  readonly title: string;
  readonly id: string;
  /** Stands in place of the name for eyes, e.g. tabs that say it; the name stays for others. */
  readonly lead?: React.ReactNode;
  readonly choices?: React.ReactNode;
  readonly actions?: React.ReactNode;
  readonly children: React.ReactNode;
}

export function Panel({ title, id, lead, choices, actions, children }: PanelProps): React.ReactElement {
  return (
    <section className={`panel panel-${id}`} aria-labelledby={`panel-${id}-title`}>
      <header className="panel-head">
        <h2 className={lead === undefined ? 'panel-title' : 'visually-hidden'} id={`panel-${id}-title`}>
          {title}
        </h2>
        {lead}
        {choices}
        <span className="panel-gap" />
        {actions}
      </header>
      <div className="panel-body">{children}</div>
    </section>
  );
}
