/** Form fields: a label, a control, a hint, and what was expected and found when it is wrong. */
import { useId } from 'react';

interface FieldProps {
  readonly label: string;
  readonly error: string | undefined;
  readonly hint?: string;
  readonly children: (ids: { readonly id: string; readonly describedBy: string }) => React.ReactNode;
}

function Field({ label, error, hint, children }: FieldProps): React.ReactElement {
  const id = useId();
  const describedBy = `${id}-note`;
  return (
    <div className={`field ${error === undefined ? '' : 'field-wrong'}`}>
      <label htmlFor={id}>{label}</label>
      {children({ id, describedBy })}
      <p id={describedBy} className={error === undefined ? 'field-hint' : 'field-error'}>
        {error ?? hint ?? ''}
      </p>
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly hint?: string;
  /** Shown on the right inside the field. */
  readonly unit?: string;
  readonly numeric?: boolean;
  readonly autoFocus?: boolean;
  readonly suggestions?: readonly string[];
  readonly onChange: (value: string) => void;
}

/** One line of text, kept exactly as typed. */
export function TextField(props: TextFieldProps): React.ReactElement {
  const { label, value, error, unit, numeric = false, suggestions, onChange } = props;
  const listId = useId();
  return (
    <Field label={label} error={error} {...(props.hint === undefined ? {} : { hint: props.hint })}>
      {({ id, describedBy }) => (
        <span className="input-frame">
          <input
            id={id}
            className="input"
            value={value}
            inputMode={numeric ? 'decimal' : 'text'}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={error !== undefined}
            aria-describedby={describedBy}
            {...(suggestions === undefined ? {} : { list: listId })}
            ref={(input) => {
              if (props.autoFocus === true && input !== null && input.dataset['focused'] === undefined) {
                input.dataset['focused'] = '';
                input.focus();
              }
            }}
            onChange={(event) => onChange(event.target.value)}
          />
          {unit === undefined ? null : <span className="input-unit">{unit}</span>}
          {suggestions === undefined ? null : (
            <datalist id={listId}>
              {suggestions.map((suggestion) => (
                <option key={suggestion} value={suggestion} />
              ))}
            </datalist>
          )}
        </span>
      )}
    </Field>
  );
}

interface ChoiceFieldProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly error: string | undefined;
  readonly hint?: string;
  readonly onChange: (value: T) => void;
}

/** One of a few values, all in view. */
export function ChoiceField<T extends string>(props: ChoiceFieldProps<T>): React.ReactElement {
  const { label, value, choices, error, onChange } = props;
  const name = useId();
  return (
    <fieldset className={`field ${error === undefined ? '' : 'field-wrong'}`}>
      <legend>{label}</legend>
      <span className="segments">
        {choices.map((choice) => (
          <label key={choice.value} className="segment">
            <input
              type="radio"
              name={name}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </span>
      <p className={error === undefined ? 'field-hint' : 'field-error'}>{error ?? props.hint ?? ''}</p>
    </fieldset>
  );
}

/** One of many values. */
export function SelectField<T extends string>(props: ChoiceFieldProps<T>): React.ReactElement {
  const { label, value, choices, error, onChange } = props;
  return (
    <Field label={label} error={error} {...(props.hint === undefined ? {} : { hint: props.hint })}>
      {({ id, describedBy }) => (
        <select
          id={id}
          className="input"
          value={value}
          aria-describedby={describedBy}
          onChange={(event) => {
            const choice = choices.find((candidate) => candidate.value === event.target.value);
            if (choice !== undefined) onChange(choice.value);
          }}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
