/** What a panel shows while it has nothing to show, and what to do about it. */

interface EmptyNoteProps {
  readonly title: string;
  readonly text?: string;
  readonly children?: React.ReactNode;
}

export function EmptyNote({ title, text, children }: EmptyNoteProps): React.ReactElement {
  return (
    <div className="empty-note">
      <p className="empty-title">{title}</p>
      {text === undefined ? null : <p>{text}</p>}
      {children === undefined ? null : <div className="empty-actions">{children}</div>}
    </div>
  );
}
