//! Functions of one row, as DataFusion UDFs: a name and a closure from cells to a value. What a file of this folder
//! needs that DataFusion does not have, it says in one closure.

use std::any::type_name;
use std::borrow::Cow;
use std::fmt::{Debug, Formatter};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion_common::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, BooleanBuilder, Float64Array, Float64Builder, Int64Array, Int64Builder,
    ListArray, ListBuilder, StringViewArray, StringViewBuilder,
};
use datafusion_common::arrow::compute::cast;
use datafusion_common::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion_common::{Result, ScalarValue};
use datafusion_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};

use crate::Argument;

/// One value of one row.
#[derive(Clone, Debug)]
pub(super) enum Cell<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    Double(f64),
    Text(&'a str),
    List(ArrayRef),
}

impl<'a> Cell<'a> {
    /// Whether it is null.
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text; none for another type.
    pub(super) fn text(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number; that of a text in digits; a double is cut to its whole part.
    pub(super) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            Self::Double(value) => Some(*value as i64),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The number, or that of a text.
    pub(super) fn double(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Double(value) => Some(*value),
            Self::Text(text) => text.trim().parse().ok().filter(|it: &f64| it.is_finite()),
            _ => None,
        }
    }

    /// The address of a text.
    pub(super) fn address(&self) -> Option<std::net::IpAddr> {
        self.text()?.trim().parse().ok()
    }
}

type Text = dyn for<'a> Fn(&[Cell<'a>]) -> Option<Cow<'a, str>> + Send + Sync;
type Integer = dyn for<'a> Fn(&[Cell<'a>]) -> Option<i64> + Send + Sync;
type Double = dyn for<'a> Fn(&[Cell<'a>]) -> Option<f64> + Send + Sync;
type Texts = dyn for<'a> Fn(&[Cell<'a>]) -> Option<Vec<String>> + Send + Sync;
type Boolean = dyn for<'a> Fn(&[Cell<'a>]) -> Option<bool> + Send + Sync;

/// What is computed from the cells of a row; none is null.
#[derive(Clone)]
enum Body {
    Text(Arc<Text>),
    Integer(Arc<Integer>),
    Double(Arc<Double>),
    Boolean(Arc<Boolean>),
    Texts(Arc<Texts>),
}

/// A function of one row. Two are equal when their names are: whatever the closure holds comes from the literal
/// arguments, which stay arguments of the call, or from the environment, of which a plan has one.
#[derive(Clone)]
pub(super) struct RowFunction {
    name: &'static str,
    signature: Signature,
    body: Body,
    sees_nulls: bool,
}

impl RowFunction {
    fn new(name: &'static str, body: Body) -> Self {
        let signature = TypeSignature::OneOf(vec![TypeSignature::VariadicAny, TypeSignature::Nullary]);
        Self { name, signature: Signature::new(signature, Volatility::Immutable), body, sees_nulls: false }
    }

    /// A function with a text for its value.
    pub(super) fn text(
        name: &'static str,
        body: impl for<'a> Fn(&[Cell<'a>]) -> Option<Cow<'a, str>> + Send + Sync + 'static,
    ) -> Self {
        Self::new(name, Body::Text(Arc::new(body)))
    }

    /// A function with a whole number for its value.
    pub(super) fn integer(
        name: &'static str,
        body: impl for<'a> Fn(&[Cell<'a>]) -> Option<i64> + Send + Sync + 'static,
    ) -> Self {
        Self::new(name, Body::Integer(Arc::new(body)))
    }

    /// A function with a double for its value.
    pub(super) fn double(
        name: &'static str,
        body: impl for<'a> Fn(&[Cell<'a>]) -> Option<f64> + Send + Sync + 'static,
    ) -> Self {
        Self::new(name, Body::Double(Arc::new(body)))
    }

    /// A predicate.
    pub(super) fn boolean(
        name: &'static str,
        body: impl for<'a> Fn(&[Cell<'a>]) -> Option<bool> + Send + Sync + 'static,
    ) -> Self {
        Self::new(name, Body::Boolean(Arc::new(body)))
    }

    /// A function with a list of texts for its value.
    pub(super) fn texts(
        name: &'static str,
        body: impl for<'a> Fn(&[Cell<'a>]) -> Option<Vec<String>> + Send + Sync + 'static,
    ) -> Self {
        Self::new(name, Body::Texts(Arc::new(body)))
    }

    /// The same, but called for rows with null arguments too; else those give null.
    pub(super) fn seeing_nulls(mut self) -> Self {
        self.sees_nulls = true;
        self
    }

    /// The call of it.
    pub(super) fn call(self, arguments: Vec<Argument>) -> Expr {
        ScalarUDF::new_from_impl(self).call(arguments.into_iter().map(|it| it.expr).collect())
    }

    fn rows<'a, T>(
        &self,
        columns: &'a [Column],
        count: usize,
        body: &(dyn Fn(&[Cell<'a>]) -> Option<T> + Send + Sync),
        mut append: impl FnMut(Option<T>),
    ) {
        let mut cells = Vec::with_capacity(columns.len());
        for row in 0..count {
            cells.clear();
            cells.extend(columns.iter().map(|it| it.cell(row)));
            let is_null = !self.sees_nulls && cells.iter().any(Cell::is_null);
            append(if is_null { None } else { body(&cells) });
        }
    }

    fn evaluate(&self, columns: &[Column], count: usize) -> ArrayRef {
        match &self.body {
            Body::Text(body) => {
                let mut builder = StringViewBuilder::with_capacity(count);
                self.rows(columns, count, &**body, |it| builder.append_option(it));
                Arc::new(builder.finish())
            }
            Body::Integer(body) => {
                let mut builder = Int64Builder::with_capacity(count);
                self.rows(columns, count, &**body, |it| builder.append_option(it));
                Arc::new(builder.finish())
            }
            Body::Double(body) => {
                let mut builder = Float64Builder::with_capacity(count);
                self.rows(columns, count, &**body, |it| builder.append_option(it));
                Arc::new(builder.finish())
            }
            Body::Boolean(body) => {
                let mut builder = BooleanBuilder::with_capacity(count);
                self.rows(columns, count, &**body, |it| builder.append_option(it));
                Arc::new(builder.finish())
            }
            Body::Texts(body) => {
                let mut builder = ListBuilder::new(StringViewBuilder::new());
                let append = |it: Option<Vec<String>>| builder.append_option(it.map(|it| it.into_iter().map(Some)));
                self.rows(columns, count, &**body, append);
                Arc::new(builder.finish())
            }
        }
    }
}

impl ScalarUDFImpl for RowFunction {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(match self.body {
            Body::Text(_) => DataType::Utf8View,
            Body::Integer(_) => DataType::Int64,
            Body::Double(_) => DataType::Float64,
            Body::Boolean(_) => DataType::Boolean,
            Body::Texts(_) => schema::Type::Texts.arrow(),
        })
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns: Vec<Column> = arguments.args.iter().map(Column::new).collect::<Result<_>>()?;
        if columns.iter().all(|it| it.is_constant) {
            let value = self.evaluate(&columns, 1);
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&value, 0)?));
        }
        Ok(ColumnarValue::Array(self.evaluate(&columns, arguments.number_rows)))
    }
}

impl PartialEq for RowFunction {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for RowFunction {}

impl Hash for RowFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl Debug for RowFunction {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}({})", type_name::<Self>(), self.name)
    }
}

/// The values of one argument.
struct Column {
    values: Values,
    is_constant: bool,
}

enum Values {
    Null,
    Boolean(BooleanArray),
    Integer(Int64Array),
    Double(Float64Array),
    Text(StringViewArray),
    List(ListArray),
}

impl Column {
    fn new(value: &ColumnarValue) -> Result<Self> {
        let is_constant = matches!(value, ColumnarValue::Scalar(_));
        let array = value.to_array(1)?;
        let values = match array.data_type() {
            DataType::Null => Values::Null,
            DataType::Boolean => Values::Boolean(array.as_boolean().clone()),
            DataType::List(_) => Values::List(array.as_list::<i32>().clone()),
            it if it.is_integer() => {
                Values::Integer(cast(&array, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
            }
            it if it.is_floating() => {
                Values::Double(cast(&array, &DataType::Float64)?.as_primitive::<Float64Type>().clone())
            }
            _ => Values::Text(cast(&array, &DataType::Utf8View)?.as_string_view().clone()),
        };
        Ok(Self { values, is_constant })
    }

    /// The cell of a row; a constant has one for all.
    fn cell(&self, row: usize) -> Cell<'_> {
        let row = if self.is_constant { 0 } else { row };
        match &self.values {
            Values::Boolean(array) if array.is_valid(row) => Cell::Boolean(array.value(row)),
            Values::Integer(array) if array.is_valid(row) => Cell::Integer(array.value(row)),
            Values::Double(array) if array.is_valid(row) => Cell::Double(array.value(row)),
            Values::Text(array) if array.is_valid(row) => Cell::Text(array.value(row)),
            Values::List(array) if array.is_valid(row) => Cell::List(array.value(row)),
            _ => Cell::Null,
        }
    }
}

/// The elements of a list of whole numbers or texts.
pub(super) fn list_cells(values: &ArrayRef) -> Vec<Cell<'_>> {
    let cell = |row: usize| match values.data_type() {
        _ if values.is_null(row) => Cell::Null,
        DataType::Int64 => Cell::Integer(values.as_primitive::<Int64Type>().value(row)),
        DataType::Utf8View => Cell::Text(values.as_string_view().value(row)),
        _ => Cell::Null,
    };
    (0..values.len()).map(cell).collect()
}

/// Exactly `N` expressions. The binder has counted the arguments; the error names a fault of it.
pub(super) fn expressions<const N: usize>(arguments: Vec<Argument>) -> std::result::Result<[Expr; N], String> {
    let expressions: Vec<Expr> = arguments.into_iter().map(|it| it.expr).collect();
    expressions.try_into().map_err(|it: Vec<Expr>| format!("{N} arguments needed, {} given", it.len()))
}
