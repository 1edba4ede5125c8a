//! Why an attempt to specialise failed.

macro_rules! reasons {
    ($($(#[$meta:meta])* $name:ident = $sentence:literal;)*) => {
        /// Why an instruction could not be specialised.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum Reason { $($(#[$meta])* $name,)* }

        impl Reason {
            pub const ALL: &[Reason] = &[$(Reason::$name,)*];

            /// A sentence for a person.
            pub const fn sentence(self) -> &'static str {
                match self { $(Reason::$name => $sentence,)* }
            }
        }
    };
}

reasons! {
    OutOfMemory = "there was no memory for what the cache needs to keep alive";
    OperandTypes = "no specialised form exists for operands of these types";
    Overflow = "the result does not fit in a small int";
    IndexOutOfRange = "the index is out of range or negative beyond the start";
    SubclassOfBuiltin = "the object is an instance of a subclass of the built-in type";
    KeyNeedsPython = "comparing or hashing the key may run Python code";
    IteratorType = "no specialised form exists for this iterator";
    GeneratorRunning = "the generator is running, finished or delegating";
    NotAGenerator = "the awaited or delegated object is not a generator or coroutine";
    GlobalsNotModule = "the global namespace is not a module's";
    NameUndefined = "the name is defined neither in the module nor among the builtins";
    NoSuchAttribute = "the attribute does not exist";
    CustomGetattr = "the class defines __getattr__ or __getattribute__";
    CustomSetattr = "the class defines __setattr__ or __delattr__";
    DescriptorKind = "the class defines the name as a descriptor that has no specialised form";
    AttributeShadowed = "the instance and its class both define the name";
    NotInline = "the attribute lies beyond the slots inside the object";
    Metaclass = "the class has a metaclass of its own";
    MetaclassDefinesName = "the metaclass defines the name";
    ModuleHook = "the module lacks the name or is not a plain module";
    GetterSignature = "the getter takes other than one plain argument";
    SuperShadowed = "super is not the built-in one, or the call is not the plain form";
    CallableType = "the called object's type has no specialised form";
    WrongArgumentCount = "the number of arguments does not match the signature";
    ComplexSignature = "the function has keyword-only, variable or cell parameters that need the general way";
    NoVersion = "there are no versions left";
    SequenceLength = "the sequence's length varies";
    BoolOverridden = "the class defines __bool__ or __len__";
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[test]
    fn every_reason_has_a_sentence_of_its_own() {
        let mut sentences: Vec<_> = Reason::ALL.iter().map(|r| r.sentence()).collect();
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), Reason::ALL.len());
    }
}
