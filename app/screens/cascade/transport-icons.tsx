/** The drawings of the run's transport: one bar steps an event, two a decision, a flag an incident. */

function Drawing({ path, solid }: { readonly path: string; readonly solid: string }): React.ReactElement {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path className="icon-solid" d={solid} />
      <path d={path} />
    </svg>
  );
}

export const NextEventIcon = (): React.ReactElement => <Drawing solid="M4 4v8l5-4Z" path="M11.5 4v8" />;
export const BackEventIcon = (): React.ReactElement => <Drawing solid="M12 4v8l-5-4Z" path="M4.5 4v8" />;
export const NextDecisionIcon = (): React.ReactElement => (
  <Drawing solid="M3 4v8l5-4Z" path="M10.3 4v8M13 4v8" />
);
export const BackDecisionIcon = (): React.ReactElement => (
  <Drawing solid="M13 4v8l-5-4Z" path="M5.7 4v8M3 4v8" />
);
export const NextIncidentIcon = (): React.ReactElement => (
  <Drawing solid="M2.5 4v8l5-4ZM10 3.5h4.5L13 5.6l1.5 2.1H10Z" path="M10 3.5v9" />
);
export const BackIncidentIcon = (): React.ReactElement => (
  <Drawing solid="M13.5 4v8l-5-4ZM6 3.5H1.5L3 5.6 1.5 7.7H6Z" path="M6 3.5v9" />
);
